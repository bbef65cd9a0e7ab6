#include "src/apps/cli/setting_option.h"

#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/text.h"

namespace ecg::cli {
namespace {

// The default as one would write it on the command line; empty where there is none.
std::string DefaultText(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return DumpJsonLine(value);
  std::vector<std::string> items;
  for (const Json& item : value) items.push_back(DefaultText(item));
  return Join(items, ",");
}

}  // namespace

CLI::Option* AddSettingOption(CLI::App& app, const std::string& flags, Settings& settings,
                              const std::string& name) {
  const Settings::Description setting = settings.Describe(name);
  const auto take = [&settings, name, flags](const CLI::results_t& words) {
    const Status status = settings.ApplyWords(name, words, flags);
    if (!status.ok()) throw CLI::ValidationError(flags, status.error().message);
    return true;
  };
  if (setting.value.is_boolean()) {
    return app.add_flag_callback(
        flags, [take] { take({"true"}); }, setting.text);
  }
  CLI::Option* option = app.add_option(flags, take, setting.text);
  option->type_name("<" + setting.kind + ">")->default_str(DefaultText(setting.value));
  if (setting.value.is_array()) {
    option->delimiter(',')->expected(1, CLI::detail::expected_max_vector_size);
    option->allow_extra_args(false);
  }
  return option;
}

}  // namespace ecg::cli
