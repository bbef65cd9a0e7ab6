// Annotation files in the MIT format (annot(5)): beats, wave boundaries, rhythm changes, comments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"

namespace ecg::wfdb {

// Types that this toolkit uses itself; AnnotationSymbol knows all.
inline constexpr int kNormalBeat = 1;
inline constexpr int kVentricularPremature = 5;
inline constexpr int kAtrialPremature = 8;
inline constexpr int kPacedBeat = 12;
inline constexpr int kNote = 22;
inline constexpr int kPWave = 24;
inline constexpr int kTWave = 27;
inline constexpr int kRhythmChange = 28;
inline constexpr int kWaveOnset = 39;
inline constexpr int kWaveOffset = 40;

// Whether a type marks a heartbeat of any kind (isqrs in the WFDB library).
bool IsBeat(int type);

struct Annotation {
  std::int64_t sample = 0;  // in the record's frames, or of AnnotationFile::frequency
  int type = 0;             // 1 .. 49
  int subtype = 0;          // -128 .. 127
  int channel = 0;          // 0 .. 255
  int number = 0;           // -128 .. 127
  std::string aux;          // at most 255 bytes
};

struct AnnotationFile {
  double frequency = 0;  // ticks per second where the file says so; 0 = the record's frames
  std::vector<Annotation> annotations;
};

inline constexpr std::size_t kMaxAnnotations = std::size_t{1} << 20;

// Whether these are the bytes of an annotation file, which has no mark of its own: known types in
// ascending order of time, every text within the file and printable, the end mark, and nothing but
// zeros behind it. A file without any annotation is one only where it has no more than its end
// mark.
bool IsAnnotationFile(std::string_view bytes);

// Accepts any bytes. A file that ends without the end mark is read as far as it goes; one that
// ends within an annotation, or has more than kMaxAnnotations, is an error.
Result<AnnotationFile> ParseAnnotations(std::string_view bytes, const std::string& file);
Result<AnnotationFile> ReadAnnotations(const std::filesystem::path& path);

// The bytes of an annotation file. Annotations must be in ascending order of sample; whatever the
// format cannot hold is an error.
Result<std::string> FormatAnnotations(const AnnotationFile& annotations);
Status WriteAnnotations(const std::filesystem::path& path, const AnnotationFile& annotations);

// The symbol that programs print for a type, as "N" or "("; empty for types without one.
std::string_view AnnotationSymbol(int type);
std::optional<int> AnnotationType(std::string_view symbol);

}  // namespace ecg::wfdb
