// Which version of the toolkit this is.
#pragma once

#include <string>

namespace ecg {

std::string Version();      // as in "0.1.0"
std::string GitRevision();  // of the sources when they were configured; empty outside a checkout

}  // namespace ecg
