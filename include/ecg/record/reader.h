// How recordings get in: what a reader of one family of files offers to all else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"

namespace ecg::record {

struct ReadOptions {
  bool strict = false;  // what a file says of its own integrity and does not hold is an error

  // The leads that are kept, by canonical name, and with a limb lead among them all limb leads (see
  // LeadsToRead); empty = all. The other signals are decoded and checked, but take no memory.
  std::vector<std::string> leads;

  // A record with more samples, all signals together, is refused. A few bytes can stand for any
  // number of them (gaps, null signals, FLAC), so this is what bounds time and memory: 4 GiB of
  // samples by default, as in 24 hours of 12 leads at 1000 Hz.
  std::uint64_t max_samples = std::uint64_t{1} << 30;
};

// What somebody tells of files that do not say it themselves. What a file says counts before it.
struct OpenOptions {
  std::string format;        // a reader's name in any case; empty: found by content
  std::string units;         // of a sample, as in "uV" or "4.88uV"; empty: not told
  double zero = 0;           // the sample that stands for 0 V, where units are told
  double sampling_rate = 0;  // Hz; 0: not told
  // By name, in the order of the file; "V1-V6" are six. Empty: not told.
  std::vector<std::string> leads;
  std::string
      array;  // of files that hold several: its name, or its path as in "/ecg"; empty: found

  // Set where the content would fit several formats, and the file's ending has decided.
  bool by_ending = false;
};

// How far the first bytes of a file tell that it is one of a family.
enum class Recognition {
  kNo,
  kLikely,   // of other kinds too may begin so: the ending counts
  kCertain,  // nothing else begins so
};

// A recording whose description has been read, once; its signals are still on disk. May be used by
// several threads.
class RecordFile {
 public:
  virtual ~RecordFile() = default;

  const EcgInfo& info() const { return info_; }

  // The samples, decoded a block at a time, so that reading takes little more memory than the leads
  // that are kept have samples. Leads of different rates are averaged to one. `record` may be one
  // whose memory is used again; its content is of no use after an error.
  virtual Status Read(const ReadOptions& options, EcgRecord& record) const = 0;

  // The files that the recording is read from, that which it was opened by first: for whoever must
  // know whether it has changed.
  virtual Result<std::vector<std::filesystem::path>> Files() const = 0;

  // What the file holds, for people who look at it: see formats/describe.h.
  virtual Result<Json> Describe(const ReadOptions& options) const = 0;

  // The same as Read of samples [from, to) of each lead alone, which lie within info().samples, for
  // whoever looks at a recording of hours bit by bit. What a file says of all of its samples, as a
  // checksum, is not held against them, and what is beside the rhythm may be left out. Where
  // ReadsStretches() is false everything is decoded for it.
  virtual Status ReadStretch(const ReadOptions& options, std::size_t from, std::size_t to,
                             EcgRecord& record) const;
  virtual bool ReadsStretches() const { return false; }

 protected:
  EcgInfo info_;
};

// A family of files. Readers have no state; they live as long as the program.
class RecordReader {
 public:
  virtual ~RecordReader() = default;

  virtual std::string_view name() const = 0;         // as in "WFDB"
  virtual std::string_view description() const = 0;  // what it reads, in a line for people
  // Of its files, in lower case, as in ".hea"; the first is the usual one.
  virtual std::vector<std::string_view> endings() const = 0;
  // Whether every file with one of its endings is one of the family: such need not be looked into
  // to be listed.
  virtual bool OwnsEndings() const { return false; }
  // Whether its files may hold the signals of a WFDB record: one beside a header of its name is
  // read by that.
  virtual bool ServesHeaders() const { return false; }

  // Whether a file that begins with these bytes, the first kBytesToRecognise or all, is one of the
  // family.
  virtual Recognition Recognises(std::string_view begin) const = 0;
  static constexpr std::size_t kBytesToRecognise = 4096;

  // Reads the description. An error names file, line or place, and field, but nothing of what the
  // file says of its patient.
  virtual Result<std::unique_ptr<RecordFile>> Open(const std::filesystem::path& path,
                                                   const OpenOptions& options) const = 0;
};

}  // namespace ecg::record
