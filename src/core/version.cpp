#include "ecg/core/version.h"

namespace ecg {

std::string Version() { return ECG_VERSION; }

std::string GitRevision() { return ECG_GIT_REVISION; }

}  // namespace ecg
