// What of a recording's texts could tell who the patient is.
#pragma once

#include <string_view>

namespace ecg::record {

// Whether a line of free text, as headers, annotations and statements hold them, may name a person
// or a day: it is called so ("Name: ...", "Patient ID: ...", "Date of birth: ..."), speaks of who
// confirmed it, or holds a date ("12-MAR-2020", "2020-03-12", "12.3.20", "20200312"). Rather too
// often than too seldom.
bool MayIdentify(std::string_view line);

}  // namespace ecg::record
