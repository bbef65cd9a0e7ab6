#include "ecg/report/statement_report.h"

#include <utility>

#include "ecg/challenge/challenge.h"
#include "ecg/challenge/diagnoses.h"
#include "ecg/core/text.h"
#include "src/report/text_table.h"

namespace ecg::report {
namespace {

using challenge::Certainty;
using challenge::Finding;

// By the class, where the code has one, or else by the diagnosis; empty for a code of neither.
std::string ShortName(const std::string& code) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  if (const auto index = classes.IndexOfCode(code)) return classes[*index].abbreviation;
  const challenge::Diagnosis* diagnosis = challenge::FindDiagnosis(code);
  return diagnosis == nullptr ? std::string() : diagnosis->abbreviation;
}

std::string CodeText(const std::string& code) {
  const std::string name = ShortName(code);
  return name.empty() ? code : code + " " + name;
}

std::string Heading(const data::StatementList& list) {
  std::string text = Counted(list.recordings, "recording") + ", " +
                     std::to_string(list.with_statements) + " with statements, " +
                     std::to_string(list.with_diagnoses) + " with diagnoses beside them";
  if (!list.failed.empty()) {
    text += ", " + std::to_string(list.failed.size()) + " that cannot be opened";
  }
  return text + "\n";
}

std::string CodesText(const std::vector<data::CountedCode>& codes) {
  TextTable table({{"diagnosis", TextTable::Align::kLeft}, {"stated"}, {"possible"}, {"denied"}});
  for (const data::CountedCode& code : codes) {
    table.AddRow({CodeText(code.code), std::to_string(code.stated), std::to_string(code.possible),
                  std::to_string(code.denied)});
  }
  return table.ToString();
}

std::string UnderstoodText(const std::vector<data::CountedStatement>& statements) {
  TextTable table(
      {{"n"}, {"stands for", TextTable::Align::kLeft}, {"statement", TextTable::Align::kLeft}});
  for (const data::CountedStatement& statement : statements) {
    table.AddRow({std::to_string(statement.count),
                  statement.of_another && statement.findings.empty()
                      ? "another recording"
                      : FindingsText(statement.findings),
                  statement.text});
  }
  return table.ToString();
}

std::string UnreadText(const std::vector<data::CountedStatement>& statements) {
  TextTable table({{"n"}, {"not in the table", TextTable::Align::kLeft}});
  for (const data::CountedStatement& statement : statements) {
    table.AddRow({std::to_string(statement.count), statement.text});
  }
  return table.ToString();
}

Json TextsJson(const std::vector<data::CountedStatement>& statements, bool findings) {
  Json json = Json::array();
  for (const data::CountedStatement& statement : statements) {
    Json entry = {{"text", statement.text}, {"recordings", statement.count}};
    if (findings) {
      entry["findings"] = FindingsJson(statement.findings);
      entry["of_another"] = statement.of_another;
    }
    json.push_back(std::move(entry));
  }
  return json;
}

}  // namespace

std::string FindingsText(const std::vector<Finding>& findings) {
  std::vector<std::string> parts;
  for (const Finding& finding : findings) {
    std::string text = CodeText(finding.code);
    if (finding.certainty != Certainty::kStated) {
      text += std::string(" (") + NameOf(finding.certainty) + ")";
    }
    parts.push_back(std::move(text));
  }
  return parts.empty() ? "-" : Join(parts, ", ");
}

Json FindingsJson(const std::vector<Finding>& findings) {
  const challenge::ClassSet& classes = challenge::Classes2021();
  Json json = Json::array();
  for (const Finding& finding : findings) {
    const challenge::Diagnosis* diagnosis = challenge::FindDiagnosis(finding.code);
    const auto index = classes.IndexOfCode(finding.code);
    json.push_back({{"code", finding.code},
                    {"abbreviation", diagnosis != nullptr ? Json(diagnosis->abbreviation) : Json()},
                    {"name", diagnosis != nullptr ? Json(diagnosis->name) : Json()},
                    {"class", index ? Json(classes[*index].abbreviation) : Json()},
                    {"certainty", NameOf(finding.certainty)}});
  }
  return json;
}

std::string StatementReport(const data::StatementList& list) {
  std::string text = Heading(list);
  if (!list.codes.empty()) text += "\n" + CodesText(list.codes);
  if (!list.understood.empty()) text += "\n" + UnderstoodText(list.understood);
  if (!list.unread.empty()) text += "\n" + UnreadText(list.unread);
  if (list.withheld > 0) {
    text += "\n" + Counted(list.withheld, "statement") +
            " that may name a person or a day: --identify shows them\n";
  }
  return text;
}

Json StatementJson(const data::StatementList& list) {
  Json codes = Json::array();
  for (const data::CountedCode& code : list.codes) {
    Json entry = FindingsJson({{code.code, Certainty::kStated}}).front();
    entry.erase("certainty");
    entry["stated"] = code.stated;
    entry["possible"] = code.possible;
    entry["denied"] = code.denied;
    codes.push_back(std::move(entry));
  }
  return {{"recordings", list.recordings},
          {"with_statements", list.with_statements},
          {"with_diagnoses", list.with_diagnoses},
          {"withheld", list.withheld},
          {"failed", list.failed.size()},
          {"diagnoses", std::move(codes)},
          {"understood", TextsJson(list.understood, true)},
          {"not_in_the_table", TextsJson(list.unread, false)}};
}

}  // namespace ecg::report
