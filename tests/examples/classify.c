/* Classifies a recording that the program has in memory. usage: classify MODEL */
#include <math.h>
#include <stdio.h>

#include "ecg/ecg.h"

enum { kSamples = 5000, kMaxClasses = 1000 };

int main(int argc, char** argv) {
  static float millivolts[2 * kSamples];
  static float probabilities[kMaxClasses];
  static unsigned char decisions[kMaxClasses];
  const char* leads[] = {"I", "II"};
  ecg_model* model = NULL;
  if (ecg_load(argc > 1 ? argv[1] : "", 0, &model) != ECG_OK) {
    fprintf(stderr, "%s\n", ecg_last_error());
    return 1;
  }
  for (int i = 0; i < kSamples; ++i) { /* a beat a second */
    const double t = fmod(i / 500.0, 1.0) - 0.5;
    millivolts[i] = (float)(0.6 * exp(-t * t / 2e-4));
    millivolts[kSamples + i] = (float)exp(-t * t / 2e-4);
  }
  if (ecg_class_count(model) > kMaxClasses ||
      ecg_classify(model, millivolts, 2, kSamples, leads, 500, probabilities, decisions) !=
          ECG_OK) {
    fprintf(stderr, "%s\n", ecg_last_error());
    ecg_free(model);
    return 1;
  }
  for (size_t k = 0; k < ecg_class_count(model); ++k) {
    printf("%-8s %.4f%s\n", ecg_class_abbreviation(model, k), probabilities[k],
           decisions[k] ? " *" : "");
  }
  ecg_free(model);
  return 0;
}
