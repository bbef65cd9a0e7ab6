#include "src/apps/cli/model_choice.h"

#include <cstdlib>

#include "ecg/infer/shipped_models.h"

namespace ecg::cli {

std::filesystem::path ChooseModel(const std::string& wanted) {
  const char* variable = std::getenv("ECG_MODEL");
  return infer::FindModel(wanted.empty() && variable != nullptr ? variable : wanted).value();
}

}  // namespace ecg::cli
