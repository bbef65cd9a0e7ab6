// Writes the seeds of every fuzz target: small sound inputs, made by our own writers where they
// are binary.
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/json.h"
#include "ecg/formats/wfdb/annotation.h"
#include "ecg/formats/wfdb/write.h"
#include "ecg/model/model_info.h"
#include "src/data/prepare/pack_entry.h"
#include "src/data/prepare/pack_index.h"
#include "src/formats/wfdb/flac_encode.h"
#include "tests/core/encodings.h"
#include "tests/formats/contec/contec_file.h"
#include "tests/formats/dicom/dicom_file.h"
#include "tests/formats/edf/edf_file.h"
#include "tests/formats/gdf/gdf_file.h"
#include "tests/formats/hdf5/hdf5_file.h"
#include "tests/formats/ishne/ishne_file.h"
#include "tests/formats/matlab/matlab_file.h"
#include "tests/formats/numpy/npy_file.h"
#include "tests/formats/scp/scp_file.h"
#include "tests/formats/wav/wav_file.h"
#include "tests/formats/wfdb/matlab5.h"
#include "tests/formats/wfdb/pack.h"
#include "tests/formats/xml/documents.h"
#include "tests/fuzz/network_bytes.h"
#include "tests/runtime/made_weights.h"

namespace {

using ecg::wfdb::Format;

const std::string kZero(1, '\0');

class Corpus {
 public:
  explicit Corpus(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void Add(const std::string& target, const std::string& bytes) {
    ecg::WriteFileAtomic(folder_ / target / ("seed-" + std::to_string(count_++)), bytes).value();
  }

 private:
  std::filesystem::path folder_;
  int count_ = 0;
};

void AddHeaders(Corpus& corpus) {
  corpus.Add("header_fuzz",
             "A0001 2 500 7500 12-May-2020 12:33:59\nA0001.mat 16+24 1000/mV 16 0 28 -1716 0 I\n"
             "A0001.mat 16+24 1000/mV 16 0 7 2029 0 II\n#Age: 74\n#Sex: Male\n#Dx: 59118001\n");
  corpus.Add("header_fuzz",
             "JS00002 1 500 5000\r\nJS00002.mat 16x1+24 1000.0(0)/mV 16 0 -10 12346 0 I\r\n"
             "# Age: 59\r\n# Sex: Female\r\n# Dx: 426177001,164934002\r\n");
  corpus.Add("header_fuzz",
             "#wfdb 10.7\nr 3 62.4725/999.56(-3) 14400 12:44:02.5 10/12/2009\n"
             "e.dat 516x4:3+9 200(-1600)/mV 14 8192 0 24460 512 II\ne.dat 516x4+9\n~ 0 1e3/uV\n");
  corpus.Add("header_fuzz", "r 1 500 10\rr.dat 16 1000/mV 16 0 0 0 0 V1\r#Dx: 426783006\r");
  corpus.Add("header_fuzz",
             ecg::test::MarkedUtf16("r 1 500 10\r\nr.dat 16 1000/mV 16 0 0 0 0 V1\r\n"));
  corpus.Add("header_fuzz",
             "s/3 2 125 9 10:44:18.529 04/05/2704\nlayout 0\n~ 4\ns_1 5\n# <age>: ??\n");
}

void AddRecords(Corpus& corpus) {
  std::vector<std::int64_t> samples;
  for (int i = 0; i < 60; ++i) samples.push_back(i % 20 - 10);
  for (const Format format : ecg::wfdb::test::BinaryFormats()) {
    const std::string f = std::to_string(static_cast<int>(format));
    const std::string bytes = ecg::wfdb::test::Pack(format, samples, -10);
    corpus.Add("record_fuzz", "r 2 500 20\nr.dat " + f +
                                  "x2:1 1000(0)/mV 12 0 -10 100 0 I\nr.dat " + f +
                                  " 2.5e2/uV 12 0 -8 200 0 II\n#Dx: 1\n" + kZero + kZero + bytes);
    corpus.Add("record_fuzz", "r 1 500\nr.dat " + f + "+3 1/mV\n" + kZero + kZero + "abc" + bytes);
  }
  corpus.Add("record_fuzz", "r/3 1 100 12\na 5\n~ 2\n~ 5\n" + kZero +
                                "a 1 100 5\nr.dat 16 10/mV\n" + kZero + std::string(10, '\3'));
  corpus.Add("record_fuzz", "r/3 1 100 12\na 5\n~ 2\na 5\n" + kZero +
                                "a 1 100 5\nr.dat 16 10/mV\n" + kZero + std::string(10, '\3'));
  corpus.Add("record_fuzz", "r 2 500 1000\n~ 0 1000/mV\n~ 0x2 1/uV\n" + kZero + kZero);
  samples.pop_back();  // two samples in the last three bytes
  corpus.Add("record_fuzz", "r 1 500 59\nr.dat 311 100/mV 10 0 -10 -39 0 V2\n" + kZero + kZero +
                                ecg::wfdb::test::Pack(Format::kPacked10Word, samples));
}

// Constant signals, of which FLAC makes next to nothing.
void AddFlac(Corpus& corpus) {
  const std::vector<std::vector<std::int32_t>> channels = {std::vector<std::int32_t>(20000, 5),
                                                           std::vector<std::int32_t>(20000, -7),
                                                           std::vector<std::int32_t>(20000, 0)};
  for (const unsigned bits : {8U, 16U, 24U}) {
    const std::string line = "r.dat " + std::to_string(500 + bits) + " 100/mV 8 0 ";
    corpus.Add("record_fuzz", "r 3 500 20000\n" + line + "5 -31072 0 III\n" + line +
                                  "-7 -8928 0 aVF\n" + line + "0 0 0 V2\n" + kZero + kZero +
                                  ecg::wfdb::EncodeFlac(channels, bits).value());
  }
}

// A record in each kind of file that we write.
void AddWritten(Corpus& corpus, const std::filesystem::path& scratch) {
  ecg::wfdb::Record record;
  record.header.name = "r";
  record.frames = 40;
  for (int i = 0; i < 2; ++i) {
    ecg::wfdb::SignalHeader signal;
    signal.description = "V1";
    record.header.signals.push_back(signal);
    auto& digital = record.digital.emplace_back();
    for (int k = 0; k < 40; ++k) digital.push_back(k * 37 % 90 + i);
  }
  using ecg::wfdb::SignalFileKind;
  for (const auto& [kind, name] :
       {std::pair(SignalFileKind::kMatlab, "r.mat"), std::pair(SignalFileKind::kFlac16, "r.dat")}) {
    ecg::wfdb::WriteRecord(scratch, record, kind).value();
    const std::string bytes = ecg::ReadFile(scratch / name).value();
    corpus.Add("record_fuzz", ecg::ReadFile(scratch / "r.hea").value() + kZero + kZero + bytes);
    if (kind == SignalFileKind::kMatlab) corpus.Add("matlab_fuzz", bytes);
  }
}

// What wfdb2mat writes.
void AddMatlab5(Corpus& corpus) {
  for (const bool big_endian : {false, true}) {
    const std::string bytes =
        ecg::wfdb::test::Matlab5(big_endian).File(2, 3, 3, "\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c");
    const std::string line = std::string("r.mat ") + (big_endian ? "61" : "16") + "+192 1000/mV\n";
    corpus.Add("matlab_fuzz", bytes);
    corpus.Add("record_fuzz", "r 2 500 3\n" + line + line + kZero + kZero + bytes);
  }
  const std::string line = "r.mat 80+192 50/mV\n";
  corpus.Add("record_fuzz", "r 1 500 3\n" + line + kZero + kZero +
                                ecg::wfdb::test::Matlab5().File(1, 3, 2, "\x81\x7d\x83"));
}

// Three entries in a pack, of which the index knows some.
void AddPacks(Corpus& corpus) {
  std::string pack, index;
  for (std::uint64_t key = 1; key <= 3; ++key) {
    ecg::data::PreparedRecord prepared;
    prepared.channels = key - 1;
    prepared.samples = 9;
    prepared.signal.assign(prepared.channels * prepared.samples, 0.5F);
    ecg::data::ReadyRecord record = ecg::data::ToReady(std::move(prepared));
    record.peaks.resize(key, {7, ecg::dsp::PeakType::kT});
    const std::string entry = ecg::data::FormatEntry(key, {}, record);
    index += ecg::data::FormatSlot({key, pack.size(), entry.size()});
    pack += entry;
    corpus.Add("record_packs_fuzz", std::string(1, static_cast<char>(key)) + index + pack);
  }
  corpus.Add("record_packs_fuzz", kZero + pack);
  corpus.Add("record_packs_fuzz", "\1" + index.substr(0, ecg::data::kSlotBytes) + pack);
}

// Files of other formats than WFDB.
void AddReaders(Corpus& corpus) {
  namespace xml = ecg::xml::test;
  corpus.Add("edf_fuzz", ecg::edf::test::Discontinuous().Bytes());
  for (const char* version : {"GDF 1.25", "GDF 2.10", "GDF 2.51"}) {
    corpus.Add("gdf_fuzz", ecg::gdf::test::Mixed(version).Text());
  }
  corpus.Add("text_fuzz", "Time (s),II (uV),V1 (mV)\n0,1,2\n0.002,3,4\n0.004,-5,1e-3\n");
  corpus.Add("text_fuzz",
             "# OpenSignals Text File Format\n# {\"00\": {\"column\": [\"nSeq\", \"A1\"], "
             "\"label\": [\"A1\"], \"sampling rate\": 1000}}\n# EndOfHeader\n0\t5\t\n1\t6\t\n");
  corpus.Add("numpy_fuzz", ecg::numpy::test::MadeArchive());
  corpus.Add("numpy_fuzz",
             ecg::numpy::test::Npy<float>("<f4", "(2, 50)", std::vector<float>(100), true));
  for (const std::string& bytes : {ecg::hdf5::test::Plain(), ecg::hdf5::test::Plain(true),
                                   ecg::hdf5::test::Chunked(), ecg::hdf5::test::Matlab73()}) {
    corpus.Add("hdf5_fuzz", kZero + bytes);
  }
  corpus.Add("hdf5_fuzz", "\1" + ecg::hdf5::test::Several());
  corpus.Add("matlab_arrays_fuzz", ecg::matlab::test::Plain());
  for (const bool compressed : {false, true}) {
    corpus.Add("matlab_arrays_fuzz", ecg::matlab::test::WithHeader(compressed));
  }
  corpus.Add("matlab_arrays_fuzz", ecg::matlab::test::InStructure());
  corpus.Add("scp_fuzz", ecg::scp::test::Standard());
  corpus.Add("scp_fuzz", ecg::scp::test::Subtracted());
  corpus.Add("scp_fuzz", ecg::scp::test::Bimodal());
  corpus.Add("dicom_fuzz", ecg::dicom::test::Explicit());
  corpus.Add("dicom_fuzz", ecg::dicom::test::Implicit());
  corpus.Add("ishne_fuzz", ecg::ishne::test::Made());
  corpus.Add("contec_fuzz", ecg::contec::test::Made());
  corpus.Add("wav_fuzz", ecg::wav::test::Made());
  const std::string rhythm = xml::MuseWaveform("Rhythm", {"I", "V1"}, {1, -2, 3});
  corpus.Add("xml_fuzz", kZero + xml::Muse(rhythm + xml::MuseWaveform("Median", {"I"}, {4})));
  corpus.Add("xml_fuzz",
             "\1" + xml::Sierra(std::vector<std::string>(12, xml::XliChannel({1, 2, 3, 5}))));
  corpus.Add("xml_fuzz", "\2" + xml::Aecg());
  corpus.Add("xml_fuzz", "\3" + xml::Schiller());
  corpus.Add("xml_fuzz", "\4" + xml::FhirJson());
  corpus.Add("xml_fuzz", "\4" + xml::FhirXml());
  corpus.Add("unisens_fuzz", xml::Unisens(xml::UnisensBinary("r")));
  corpus.Add("unisens_fuzz", xml::Unisens(xml::UnisensTable("r")));
}

// A bundle of a small network.
std::string Bundle(const std::function<void(ecg::model::ModelInfo&)>& set) {
  ecg::model::ModelInfo info;
  info.task = ecg::model::Task({}, {{"AF", "atrial fibrillation", {"164889003"}}});
  info.decision.thresholds = {0.5};
  info.preprocess.leads = {"II"};
  info.window.samples = 64;
  info.architecture.blocks = {1};
  info.architecture.width = 1;
  set(info);
  info.CompleteArchitecture();
  return ecg::fuzz::TextOf(ecg::fuzz::NetworkKind::kBundle) + ecg::DumpJsonLine(info.ToJson()) +
         kZero + ecg::test::MakeWeights(info.architecture);
}

void AddNetworks(Corpus& corpus) {
  using ecg::fuzz::NetworkKind;
  corpus.Add("network_fuzz", Bundle([](ecg::model::ModelInfo&) {}));
  corpus.Add("network_fuzz", Bundle([](ecg::model::ModelInfo& info) {
               info.architecture.states = 2;
               info.architecture.lead_indicator = true;
             }));
  corpus.Add("network_fuzz", Bundle([](ecg::model::ModelInfo& info) {
               info.architecture.blocks = {1, 1};
               info.architecture.peak_grid = ecg::data::PeakGridKind::kAuthors;
               info.architecture.downsampling = ecg::model::Downsampling::kStrided;
             }));
  // Channels, classes, samples, blocks, width, kernels, scales, states, reduction, down-sampling
  // with lead indicator, peaks.
  for (const std::string& settings : {std::string("\1\1\x40\7\3\x0e\6\0\0\1\0\0", 12),
                                      std::string("\2\0\x63\7\2\2\2\x07\0\2\3\1", 12),
                                      std::string("\0\2\x21\x2b\1\4\4\0\5\3\2\2", 12)}) {
    corpus.Add("network_fuzz", ecg::fuzz::TextOf(NetworkKind::kWeights) + settings +
                                   ecg::test::MakeWeights(ecg::fuzz::SettingsOf(settings)));
    corpus.Add("network_fuzz", ecg::fuzz::TextOf(NetworkKind::kNumbers) + settings +
                                   std::string("\0\0\0\x3f\0\0\x80\xbe\xcd\xcc\xcc\x3d", 12));
  }
}

void AddOthers(Corpus& corpus) {
  corpus.Add("matlab_fuzz", std::string("\0\0\4\x06\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0\2b\0"
                                        "\1\2\3\4\5\6\7\x08",
                                        30));
  ecg::wfdb::AnnotationFile file;
  file.frequency = 360;
  for (int i = 0; i < 30; ++i) {
    file.annotations.push_back(
        {i * 700, 1 + i % 49, i % 5, i % 3, i, std::string(static_cast<std::size_t>(i % 5), 'a')});
  }
  corpus.Add("annotation_fuzz", ecg::wfdb::FormatAnnotations(file).value());
  corpus.Add("prediction_file_fuzz", "#A0001\n270492004,164889003|1\n0,1\n0.25,0.75\n");
  corpus.Add("prediction_file_fuzz", "#A0001\r\n1, 2, 3\r\nTrue, t, 1.0\r\nnan, inf, 1e-3\r\n");
  corpus.Add("tables_fuzz", "source,prefix,first_number,last_number\nA,B,0,*\nC,,1,20\n");
  corpus.Add("tables_fuzz", "source,AF,IAVB,LBBB,NSR,PAC,RBBB\nCPSC,1,1,1,0,1,1\n");
  corpus.Add("tables_fuzz", "source,AF,LVH\nPTB_XL,1,1\nCPSC,1,0\n");
  corpus.Add("tables_fuzz",
             "abbreviation,codes,name\nLVH,164873001|55827005,\"left, ventricle\"\n");
  corpus.Add("tables_fuzz", "class,MI,NSR\nNSR,0.25,1\nMI,1,0.25\n");
  corpus.Add("tables_fuzz", "164889003,sinus rhythm;PAC|no AF, IAVB 59118001");
  corpus.Add("statements_fuzz",
             "system,text,meaning\nen,\"(big|) v. beat*\",164889003|1\nen,no,not\nen,or,or\n"
             "aha,22,426177001\nde,oder,or\nen,when compared,other from here\n");
  corpus.Add("statements_fuzz", "Sinus rhythm, no ST-elevation or V.a. Isch\xC3\xA4mie [why] AF?");
  corpus.Add("statements_fuzz", "{'NORM': 100.0, 'LMI': 15.0};105+312");
  corpus.Add("json_fuzz", ecg::test::MarkedUtf16("{\"a\": 1}", true));
  corpus.Add("json_fuzz",
             "// comment\n{\"a\": [1, -2.5e3, true, null], \"b\": {\"c\": \"\\u00e4\"}}\n");
  corpus.Add("settings_fuzz",
             "{\"on\": true, \"a\": {\"count\": 7, \"deep\": {\"offset\": -9}, \"rate\": 1e-1},\n"
             "\"seed\": 18446744073709551615, \"patience\": null, \"limit\": -2.5,\n"
             "\"name\": \"\\u00e4\", \"leads\": [\"I\", \"V1\"], \"sizes\": [], "
             "\"colour\": \"blue\"}\n");
  corpus.Add("settings_fuzz", "sizes=[1, 2]");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_corpus FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  Corpus corpus(folder);
  AddHeaders(corpus);
  AddRecords(corpus);
  AddFlac(corpus);
  AddWritten(corpus, folder / "scratch");
  AddMatlab5(corpus);
  AddPacks(corpus);
  AddReaders(corpus);
  AddNetworks(corpus);
  AddOthers(corpus);
  return 0;
}
