// A report as one HTML file that needs nothing beside it: our style sheet and our script are in it,
// and it may fetch nothing.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/report/html.h"

namespace ecg::report {

// In the footer of every report.
inline constexpr char kNotADevice[] = "For research. Not a medical device.";

class Page {
 public:
  // `kind`: what the report is about, as in "Recording", above the title.
  Page(std::string kind, std::string title);

  // Lines below the title.
  void AddLead(Html lead) { lead_ += Element("p", {}, std::move(lead)); }

  // A part with its title; `id` is ours and unique, and names it in the address. An empty title:
  // no heading and no entry in the list of parts.
  void AddSection(std::string id, std::string title, Html content);

  // For our script: see page.js.
  void AddData(const char* id, const Json& json) { data_ += DataScript(id, json); }

  // Renews itself so often, as of a run that goes on; 0: never.
  void RenewEvery(int seconds) { renew_ = seconds; }

  // Scripts of the folder beside the page may be loaded: see ChunkScript.
  void AllowChunks() { chunks_ = true; }

  // How it is printed: A4 upright, or on its side.
  void PrintLandscape() { landscape_ = true; }

  std::string Document() const;

 private:
  struct Section {
    std::string id;
    std::string title;
    Html content;
  };

  std::string kind_;
  std::string title_;
  Html lead_;
  Html data_;
  std::vector<Section> sections_;
  int renew_ = 0;
  bool chunks_ = false;
  bool landscape_ = false;
};

// What a page opened as a file may load besides: data that wait for our script under a name.
std::string ChunkScript(const std::string& name, const Json& json);

}  // namespace ecg::report
