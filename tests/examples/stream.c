/* Asks every second about two leads that keep coming. usage: stream MODEL */
#include <math.h>
#include <stdio.h>

#include "ecg/ecg.h"

enum { kRate = 250, kSeconds = 15, kFirstAnswer = 5, kMaxClasses = 1000 };

static void say(const ecg_model* model, double seconds, const unsigned char* decisions) {
  printf("%4.0f s", seconds);
  for (size_t k = 0; k < ecg_class_count(model); ++k) {
    if (decisions[k]) printf(" %s", ecg_class_abbreviation(model, k));
  }
  printf("\n");
}

int main(int argc, char** argv) {
  static float millivolts[2 * kRate];
  static unsigned char decisions[kMaxClasses];
  const char* leads[] = {"I", "II"};
  ecg_model* model = NULL;
  ecg_stream* stream = NULL;
  ecg_recording about = {0};
  about.size = sizeof about;
  about.leads = leads;
  about.lead_count = 2;
  about.sampling_rate = kRate;
  int failed = ecg_load(argc > 1 ? argv[1] : "", 0, &model) != ECG_OK ||
               ecg_class_count(model) > kMaxClasses ||
               ecg_stream_open(model, &about, 0, &stream) != ECG_OK;
  for (int second = 0; second < kSeconds && !failed; ++second) {
    for (int i = 0; i < kRate; ++i) { /* a beat a second, and a slow one after ten */
      const double t = fmod((double)i / kRate + second, second < 10 ? 1 : 2) - 0.5;
      millivolts[i] = (float)(0.6 * exp(-t * t / 2e-4));
      millivolts[kRate + i] = (float)exp(-t * t / 2e-4);
    }
    failed = ecg_stream_append(stream, millivolts, 2, kRate) != ECG_OK;
    if (failed || ecg_stream_seconds(stream) < kFirstAnswer) continue;
    switch (ecg_stream_classify(stream, NULL, decisions)) {
      case ECG_OK:
        say(model, ecg_stream_seconds(stream), decisions);
        break;
      case ECG_UNCLASSIFIABLE: /* electrodes may come back */
        printf("%4.0f s: %s\n", ecg_stream_seconds(stream), ecg_last_error());
        break;
      default:
        failed = 1;
    }
  }
  if (failed) fprintf(stderr, "%s\n", ecg_last_error());
  ecg_stream_free(stream);
  ecg_free(model);
  return failed;
}
