// What the tests of readers share: a file made of bytes, and thousands of damaged ones.
#pragma once

#include <string>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/record/reader.h"

namespace ecg::test {

// Writes the bytes into a file of this name, opens it by the reader and reads it whole.
Result<record::EcgRecord> ReadBytes(const record::RecordReader& reader, const std::string& bytes,
                                    const record::OpenOptions& told = {},
                                    const record::ReadOptions& options = {},
                                    const std::string& name = "r.bin");

// The message of the error that reading these bytes must end in.
std::string ErrorOf(const record::RecordReader& reader, const std::string& bytes,
                    const record::OpenOptions& told = {});

// Each seed can be read; thousands of damaged ones are read or refused with an error that names
// the file, in bounded time and memory. `text`: numbers in it are changed too. Prints its figures.
void ExpectDamagedAreReadOrRefused(const record::RecordReader& reader,
                                   const std::vector<std::string>& seeds, bool text,
                                   const record::OpenOptions& told = {}, int mutations = 4000);

}  // namespace ecg::test
