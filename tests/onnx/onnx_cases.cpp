// Writes networks as ONNX models beside windows and what the native engine says of them, for
// scripts/check_onnx.sh: <case>.onnx, .input, .probabilities and, of networks that detect peaks,
// .peaks, all numbers as float. Of a model in a folder, what it sees of recordings.
// usage: onnx_cases OUTPUT_DIR [MODEL RECORDINGS]
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/data/prepare/window.h"
#include "ecg/data/records/record_selection.h"
#include "ecg/formats/registry.h"
#include "ecg/onnx/export.h"
#include "ecg/runtime/engine.h"
#include "tests/onnx/case_network.h"
#include "tests/runtime/network_cases.h"

namespace {

namespace fs = std::filesystem;
using namespace ecg;

void WriteFloats(const fs::path& file, const std::vector<float>& values) {
  const auto* raw = reinterpret_cast<const char*>(values.data());
  WriteFileAtomic(file, std::string_view(raw, values.size() * sizeof(float))).value();
}

void WriteCase(const fs::path& folder, const std::string& name, const model::Bundle& bundle,
               const std::vector<float>& signal) {
  const model::SeResNetConfig& config = bundle.info.architecture;
  const std::size_t windows =
      signal.size() / static_cast<std::size_t>(config.in_channels * config.samples);
  model::ComputeConfig compute;
  compute.precision = model::Precision::kFp32;
  model::NetworkOutput output;
  runtime::Networks(compute)(bundle)->Run(signal.data(), windows, {true, config.DetectsPeaks()},
                                          output);
  WriteFileAtomic(folder / (name + ".onnx"), onnx::Export(bundle).value()).value();
  WriteFloats(folder / (name + ".input"), signal);
  WriteFloats(folder / (name + ".probabilities"), output.probabilities);
  if (config.DetectsPeaks()) WriteFloats(folder / (name + ".peaks"), output.peaks);
}

// Every window of every recording, with all leads and with two.
std::vector<float> WindowsOf(const model::ModelInfo& info, const fs::path& recordings) {
  const auto samples = static_cast<std::size_t>(info.window.samples);
  const std::vector<std::uint8_t> two = data::ChannelsOfLeadSet("2", info.preprocess.leads).value();
  std::vector<float> signal;
  const std::vector<data::RecordPath> records = data::SelectRecords(recordings).value();
  for (const data::RecordPath& record : records) {
    const data::PreparedRecord prepared =
        data::Preprocess(formats::ReadEcg(record.path).value(), info.preprocess).value();
    for (const std::size_t start :
         data::WindowStarts(prepared.samples, samples, info.window.overlap)) {
      for (const std::vector<std::uint8_t>& keep : {std::vector<std::uint8_t>(), two}) {
        const std::size_t at = signal.size();
        signal.resize(at + prepared.channels * samples);
        data::CopyWindow(prepared.View(), start, samples, keep, signal.data() + at);
      }
    }
  }
  std::printf("%zu recordings\n", records.size());
  return signal;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 4) {
    std::fprintf(stderr, "usage: onnx_cases OUTPUT_DIR [MODEL RECORDINGS]\n");
    return 2;
  }
  const fs::path folder = argv[1];
  for (const test::NetworkCase& of : test::kCases) {
    const model::SeResNetConfig config = test::ConfigOf(of);
    WriteCase(folder, of.name, onnx::test::MakeNetwork(config), onnx::test::MakeWindows(config, 5));
  }
  if (argc == 4) {
    const model::Bundle bundle = model::LoadBundle(argv[2]).value();
    WriteCase(folder, "recordings", bundle, WindowsOf(bundle.info, argv[3]));
  }
  return 0;
}
