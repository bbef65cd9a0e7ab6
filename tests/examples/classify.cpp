// Classifies a recording that the program has in memory. usage: classify MODEL
#include <cmath>
#include <cstdio>

#include "ecg/engines/networks.h"
#include "ecg/infer/classifier.h"

int main(int argc, char** argv) {
  const auto model =
      ecg::infer::Classifier::Load(argc > 1 ? argv[1] : "", ecg::engines::MakeNetworks());
  if (!model.ok()) return std::fprintf(stderr, "%s\n", model.error().ToString().c_str()), 1;
  ecg::infer::Recording recording{500, {"I", "II"}, {{}, {}}};  // Hz, leads, mV
  for (int i = 0; i < 5000; ++i) {                              // a beat a second
    const double t = std::fmod(i / 500.0, 1.0) - 0.5;
    recording.samples[0].push_back(static_cast<float>(0.6 * std::exp(-t * t / 2e-4)));
    recording.samples[1].push_back(static_cast<float>(std::exp(-t * t / 2e-4)));
  }
  const auto answer = model->Classify(recording);
  if (!answer.ok()) return std::fprintf(stderr, "%s\n", answer.error().ToString().c_str()), 1;
  for (std::size_t k = 0; k < model->classes().size(); ++k) {
    std::printf("%-8s %.4f%s\n", model->classes()[k].abbreviation.c_str(),
                static_cast<double>(answer->probabilities[k]), answer->decisions[k] ? " *" : "");
  }
  return 0;
}
