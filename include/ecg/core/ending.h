// How names end.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace ecg {

// Whether a name has this ending, and something before it.
inline bool HasEnding(std::string_view name, std::string_view ending) {
  return name.size() > ending.size() && name.substr(name.size() - ending.size()) == ending;
}

// The same whatever the case of the name's ASCII letters; `ending` is in lower case.
inline bool HasEndingInAnyCase(std::string_view name, std::string_view ending) {
  const auto same = [](char a, char lower) {
    return a == lower || ('A' <= a && a <= 'Z' && a - 'A' + 'a' == lower);
  };
  return name.size() > ending.size() &&
         std::equal(name.end() - static_cast<std::ptrdiff_t>(ending.size()), name.end(),
                    ending.begin(), same);
}

}  // namespace ecg
