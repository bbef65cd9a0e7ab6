// Splitting, trimming, counts in words and strict number parsing, without locale and without
// allocation where a view will do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecg {

// Without leading and trailing blanks, tabs, CR and LF.
std::string_view Trim(std::string_view text);

// The fields between separators; n separators give n + 1 fields, none of them trimmed.
std::vector<std::string_view> Split(std::string_view text, char separator);

// The words between runs of blanks and tabs.
std::vector<std::string_view> SplitWords(std::string_view text);

// The lines of a text, without LF or CR LF. A final line end does not start another line.
std::vector<std::string_view> SplitLines(std::string_view text);

bool Contains(const std::vector<std::string>& list, std::string_view item);

// The parts with the separator between them.
std::string Join(const std::vector<std::string>& parts, std::string_view separator);

// A count with what it counts, as in "1 record", "12 records"; `plural` where that is not the noun
// and an s.
std::string Counted(std::uint64_t count, std::string_view noun, std::string_view plural = {});

// The whole text must be a number: decimal digits with an optional sign for integers (no value
// beyond the type's range), C notation for doubles, with nan and inf in any case.
std::optional<std::int64_t> ParseInt(std::string_view text);
std::optional<double> ParseDouble(std::string_view text);
// As ParseDouble; one comma, where there is no point, is a decimal comma ("0,9").
std::optional<double> ParseDecimal(std::string_view text);

// The shortest text that reads back as the same double.
std::string FormatDouble(double value);

std::string ToLower(std::string_view text);

// Glob match of a whole text: '*' any run, '?' any one character.
bool GlobMatch(std::string_view pattern, std::string_view text);

// The candidate with the smallest edit distance, if it is near enough to be what was meant.
std::optional<std::string> NearestOf(std::string_view text,
                                     const std::vector<std::string>& candidates);

}  // namespace ecg
