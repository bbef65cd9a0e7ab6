// Writing records: headers, and signal files in the formats that people exchange.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/file.h"
#include "ecg/core/result.h"
#include "ecg/formats/wfdb/header.h"
#include "ecg/formats/wfdb/record.h"
#include "ecg/record/ecg_record.h"
#include "ecg/record/written_record.h"

namespace ecg::wfdb {

// The text of a header; reading it gives the same header. The fields of a signal line are found by
// their position, so a signal without initial value or checksum loses its description.
std::string FormatHeader(const Header& header);

enum class SignalFileKind {
  kInt16,     // format 16, <name>.dat
  kMatlab,    // format 16+24, <name>.mat: the challenge's MATLAB v4 matrix "val"
  kPacked12,  // format 212, <name>.dat
  kFlac16,    // format 516, <name>.dat; FLAC takes up to eight signals of one rate a file, so more
              // of them, or several rates, make <name>_1.dat, <name>_2.dat, ...
};

// Writes <folder>/<name>.hea and the signal files, each whole or not at all. Names, gains,
// baselines, units, rates and comments come from record.header; file names, format, skew, byte
// offset, initial values and checksums are set here. A sample that the format cannot hold is an
// error; kInvalidSample becomes the format's own mark. A record whose scale changes with time
// (variable layout) is refused.
Status WriteRecord(const std::filesystem::path& folder, const Record& record, SignalFileKind kind,
                   Durability durability = Durability::kSynced);

// The bytes of these files, the header last.
Result<record::WrittenRecord> FormatRecord(const Record& record, SignalFileKind kind);

// A recording by the name of its files, as FormatRecord has it: each lead with the steps that it
// was recorded in where those fit (record::ChooseGain), age, sex, Dx and what else is known of it
// as comments. An error: a name that none can have.
Result<record::WrittenRecord> WriteWfdb(const record::EcgRecord& record, const std::string& name,
                                        SignalFileKind kind);

// How the names of its files end, given its number of leads.
std::vector<std::string> EndingsOf(SignalFileKind kind, std::size_t leads);

// Writes a record as the challenge distributes it (<name>.hea, <name>.mat), rounded to 1/gain mV.
// Samples beyond 16 bits are an error.
Status WriteChallengeRecord(const std::filesystem::path& folder, const record::EcgRecord& record,
                            double gain = 1000, Durability durability = Durability::kSynced);

}  // namespace ecg::wfdb
