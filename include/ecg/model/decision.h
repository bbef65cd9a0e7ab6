// From probabilities to decisions: what a bundle says of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/core/settings.h"
#include "ecg/dsp/measure/criteria.h"
#include "ecg/model/definition.h"
#include "ecg/score/criterion_map.h"
#include "ecg/score/logit_map.h"

namespace ecg::model {

// Paper section 2.7. Each rule applies where its classes are among the model's.
struct PostProcessing {
  bool normal_if_none = true;    // no positive class -> sinus rhythm
  bool tinv_implies_tab = true;  // T wave inversion -> T wave abnormal
};

void DescribeSettings(Settings& settings, const std::string& prefix, PostProcessing& config);

// A textbook criterion beside the network's probability of a class; kNone adds nothing.
struct ClassCriterion {
  dsp::Criterion criterion = dsp::Criterion::kNone;
  score::CriterionMap map;

  bool operator==(const ClassCriterion& other) const {
    return criterion == other.criterion && map == other.map;
  }
};

// The signal in which criteria are measured.
enum class MeasuredSignal {
  kRecord,    // the recording as it is, in the leads that the network sees
  kPrepared,  // what the network sees, as bundles up to format 6 have it
};

// What names an operating point: one of several decisions that a model may be asked to make.
struct PointName {
  std::string name;               // as in "balanced"; empty where a model has but one
  std::string about;              // what it is for, in a line
  Json figures = Json::object();  // what it reaches, for people
};

// In this order: calibration, criteria, thresholds, definitions, post-processing.
struct Decision {
  std::vector<double> thresholds;            // one a class: positive from there on
  std::vector<score::LogitMap> calibration;  // one a class; empty: probabilities stay as they are
  PostProcessing post_processing;
  std::vector<ClassCriterion> criteria;               // one a class; empty: none
  MeasuredSignal measured = MeasuredSignal::kRecord;  // that the criteria are about
  std::vector<Definition> definitions;                // of whatever classes; measured in the record
  PointName point;
};

// What a model may be asked to decide by: one decision, or several with a name each, of letters,
// digits, '-', '_' and '.'.
struct OperatingPoints {
  Decision decision;                   // that counts where nobody asks for another
  std::vector<Decision> other_points;  // beside it

  std::vector<std::string> PointNames() const;  // that which counts comes first; empty: no names
  // Makes the point of this name the one that counts. An error (kUsage): there is none.
  Status ChoosePoint(const std::string& name);
  // Whether names and sizes fit; the error's field is a key of the description.
  Status ValidatePoints(std::size_t classes) const;
  // Whether a description without operating points and definitions says all of it.
  bool ArePlain() const;
};

// Operating points in a description: "point" (name, about and figures of the decision that counts),
// "definitions" and "points", a list of the others. What one of these does not say is as in the
// decision that counts. Reading: the key that is wrong.
void PointsToJson(const OperatingPoints& points, Json& object);
Status ReadPoints(const Json& object, std::size_t classes, OperatingPoints& points);
inline constexpr const char* kPointKeys[] = {"point", "definitions", "points"};

// One number a class; false where `json` is none of `classes` of these.
bool ReadThresholds(const Json& json, std::size_t classes, std::vector<double>& thresholds);

// A calibration as a list of [slope, offset]. Reading: false where `json` is none of `classes`
// maps.
Json CalibrationToJson(const std::vector<score::LogitMap>& calibration);
bool ReadCalibration(const Json& json, std::size_t classes,
                     std::vector<score::LogitMap>& calibration);

// Criteria as a list of [name, slope, offset, below, above], or null where a class has none.
// Reading: false where `json` is none of `classes` criteria.
Json CriteriaToJson(const std::vector<ClassCriterion>& criteria);
bool ReadCriteria(const Json& json, std::size_t classes, std::vector<ClassCriterion>& criteria);

// The key of criteria in a description, which says what they are measured in: readers that know
// only the older one refuse the other.
inline constexpr char kPreparedCriteriaKey[] = "criteria";
inline constexpr char kRecordCriteriaKey[] = "record_criteria";
const char* CriteriaKey(MeasuredSignal measured);
// The key that an object has of the two, and what it says; nothing where it has none.
std::optional<MeasuredSignal> FindCriteria(const Json& object);

}  // namespace ecg::model
