#include "ecg/core/version.h"
#include "src/engines/libtorch_library.h"

namespace ecg::engines {

const char* BuildName() {
  static const std::string name = Version() + " " + GitRevision();
  return name.c_str();
}

}  // namespace ecg::engines
