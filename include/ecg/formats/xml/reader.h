// ECGs in XML, as vendors and HL7 have them; those of FHIR in JSON too.
#pragma once

#include <string_view>

#include "ecg/record/reader.h"

namespace ecg::xml {

// GE MUSE (RestingECG): the rhythm, and the median beat beside it.
const record::RecordReader& MuseReader();

// Philips Sierra ECG 1.03 to 1.04.02, also compressed (XLI).
const record::RecordReader& SierraReader();

// HL7 annotated ECG (AnnotatedECG).
const record::RecordReader& AecgReader();

// FHIR Observations with SampledData, in XML and in JSON.
const record::RecordReader& FhirReader();

// Schiller EDI.
const record::RecordReader& SchillerReader();

// Unisens: the header of a folder, kUnisensName, and the files of signals beside it.
const record::RecordReader& UnisensReader();
inline constexpr std::string_view kUnisensName = "unisens.xml";

}  // namespace ecg::xml
