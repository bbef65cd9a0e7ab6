// How many records train each class, before anything is trained.
#pragma once

#include <string>

#include "ecg/train/plan/observer.h"

namespace ecg::report {

// A row a class: its training records by source, a dash where the source's labels of it are not
// trusted, then those of each part.
std::string ClassCountsText(const train::DataSummary& data);

// A row for every diagnosis that the records' labels hold: the class that the task takes it as, its
// code, abbreviation and name, how many records have it, and how many of each source.
std::string CodeCountsText(const train::DataSummary& data);

}  // namespace ecg::report
