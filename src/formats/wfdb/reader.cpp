#include "ecg/formats/wfdb/reader.h"

#include <set>
#include <string>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/core/text_encoding.h"
#include "ecg/formats/wfdb/header.h"
#include "ecg/record/reader.h"
#include "src/formats/wfdb/decode.h"
#include "src/formats/wfdb/describe.h"
#include "src/formats/wfdb/millivolts.h"
#include "src/formats/wfdb/selection.h"

namespace ecg::wfdb {
namespace {

namespace fs = std::filesystem;

constexpr char kEnding[] = ".hea";

void AddSignalFiles(const Header& header, const fs::path& folder, std::set<fs::path>& files) {
  for (const SignalHeader& signal : header.signals) {
    if (signal.format != Format::kNull) files.insert(folder / signal.file);
  }
}

class WfdbFile : public record::RecordFile {
 public:
  WfdbFile(fs::path path, Header header)
      : path_(std::move(path)), header_(std::move(header)), selection_(SelectSignals(header_)) {
    info_ = InfoOf(header_, selection_);
    // So that everyone knows what reading will take. Whatever is wrong with the files Read tells.
    if (header_.samples || header_.multi_segment()) return;
    if (const Result<std::uint64_t> frames = CountFrames(header_); frames.ok()) {
      info_.samples = static_cast<std::size_t>(*frames) *
                      static_cast<std::size_t>(selection_.samples_per_frame);
    }
  }

  Status Read(const record::ReadOptions& options, record::EcgRecord& record) const override {
    return ReadMillivolts(header_, info_, selection_, options, record);
  }

  Status ReadStretch(const record::ReadOptions& options, std::size_t from, std::size_t to,
                     record::EcgRecord& record) const override {
    if (!ReadsStretches()) return RecordFile::ReadStretch(options, from, to, record);
    return ReadMillivoltStretch(header_, info_, selection_, options, from, to, record);
  }
  bool ReadsStretches() const override { return DecodesStretches(header_); }

  Result<Json> Describe(const record::ReadOptions& options) const override {
    return DescribeRecord(header_, info_, options);
  }

  // The header, then signal files and the segments' headers.
  Result<std::vector<fs::path>> Files() const override {
    const fs::path folder = path_.parent_path();
    std::set<fs::path> files;
    if (!header_.multi_segment()) AddSignalFiles(header_, folder, files);
    for (const SegmentHeader& segment : header_.segments) {
      const fs::path path = folder / (segment.name + kEnding);
      if (segment.name == "~" || !files.insert(path).second) continue;
      const Result<Header> part = ReadHeader(path);
      if (!part.ok()) return part.error();
      AddSignalFiles(*part, folder, files);
    }
    files.erase(path_);
    std::vector<fs::path> all = {path_};
    all.insert(all.end(), files.begin(), files.end());
    return all;
  }

 private:
  const fs::path path_;
  const Header header_;  // its signals are resolved
  const Selection selection_;
};

class WfdbReader : public record::RecordReader {
 public:
  std::string_view name() const override { return "WFDB"; }
  std::string_view description() const override {
    return "headers with their signal files, MATLAB and FLAC files; annotations";
  }
  std::vector<std::string_view> endings() const override { return {kEnding}; }
  bool OwnsEndings() const override { return true; }

  // By a record line: a name, and a number of signals behind it.
  record::Recognition Recognises(std::string_view begin) const override {
    return HasRecordLine(begin) ? record::Recognition::kLikely : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                   const record::OpenOptions&) const override {
    Result<Header> header = ReadHeader(path);
    if (!header.ok()) return header.error();
    if (const Status resolved = ResolveSignals(*header); !resolved.ok()) return resolved.error();
    return std::unique_ptr<record::RecordFile>(
        std::make_unique<WfdbFile>(path, std::move(*header)));
  }

 private:
  static bool HasRecordLine(std::string_view begin) {
    std::string buffer;
    const Result<std::string_view> decoded = DecodeText(begin, {}, buffer);
    if (!decoded.ok() || decoded->find('\0') != std::string_view::npos) return false;
    for (const std::string_view line : SplitLines(*decoded)) {
      const std::string_view text = Trim(line);
      if (text.empty() || text.front() == '#') continue;
      const std::vector<std::string_view> words = SplitWords(text);
      return words.size() > 1 && ParseInt(words[1]).has_value();
    }
    return false;
  }
};

}  // namespace

const record::RecordReader& Reader() {
  static const WfdbReader reader;
  return reader;
}

}  // namespace ecg::wfdb
