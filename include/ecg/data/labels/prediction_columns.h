// The columns of a table of predictions that are not about one class: written by the jobs that
// predict, passed over by whoever scores.
#pragma once

#include <string_view>

namespace ecg::data {

inline constexpr char kRecordColumn[] = "record";
inline constexpr char kFlagsColumn[] = "flags";
inline constexpr char kUncertaintyColumn[] = "uncertainty";
inline constexpr char kGroupColumn[] = "group";
inline constexpr char kSourceProbabilityColumn[] = "source_probability";
inline constexpr char kMayBeBradycardiaColumn[] = "may_be_bradycardia";
inline constexpr char kDiagnosesColumn[] = "diagnoses";
inline constexpr char kAgeColumn[] = "age";
inline constexpr char kSexColumn[] = "sex";
inline constexpr char kQualityColumn[] = "quality";
inline constexpr char kStatusColumn[] = "status";
inline constexpr char kOperatingPointColumn[] = "operating_point";
inline constexpr char kByDefinitionColumn[] = "by_definition";

// The table of recordings that are chosen to be labelled: what it is called in a folder of
// predictions, where it is none, and how its first line begins.
inline constexpr std::string_view kChosenFile = "choose.csv";
inline constexpr std::string_view kChosenHeading = "record,why,source,weight";
inline constexpr char kWhyColumn[] = "why";
inline constexpr char kWeightColumn[] = "weight";

// Behind a class's abbreviation.
inline constexpr char kDecisionEnding[] = "_decision";
inline constexpr char kDeviationEnding[] = "_sd";

// Whether a column of a table that we write is known to be about no class.
bool IsAboutNoClass(std::string_view column);

// Whether a class may be called so: in no table of labels or predictions a column of that name, in
// whatever case, is about something else.
bool MayNameClass(std::string_view abbreviation);

}  // namespace ecg::data
