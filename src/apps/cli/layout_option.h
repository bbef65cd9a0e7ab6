// How a recording is arranged on paper, as the option --layout says it.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "ecg/report/ecg_paper.h"

namespace ecg::cli {

inline void AddLayoutOption(CLI::App& app, std::string& layout) {
  app.add_option("--layout", layout,
                 "3x4, 6x2: columns of three or six leads and a rhythm strip; all: a row a lead")
      ->check(CLI::IsMember({"3x4", "6x2", "all"}))
      ->capture_default_str();
}

inline report::PaperLayout LayoutOf(const std::string& name) {
  static const std::map<std::string, report::PaperLayout> layouts = {
      {"3x4", report::PaperLayout::kThreeByFour},
      {"6x2", report::PaperLayout::kSixByTwo},
      {"all", report::PaperLayout::kAllLeads}};
  return layouts.at(name);
}

}  // namespace ecg::cli
