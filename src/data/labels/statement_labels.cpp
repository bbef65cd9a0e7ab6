#include "ecg/data/labels/statement_labels.h"

#include <utility>

#include "ecg/challenge/labels.h"
#include "ecg/core/file.h"
#include "ecg/core/text.h"
#include "ecg/record/identity.h"

namespace ecg::data {
namespace {

constexpr std::size_t kMostTableBytes = std::size_t{16} << 20;

void AddNew(std::vector<std::string>& list, const std::vector<std::string>& more) {
  for (const std::string& item : more) {
    if (!Contains(list, item)) list.push_back(item);
  }
}

}  // namespace

StatementLabels::StatementLabels()
    : table_(std::make_shared<challenge::StatementTable>(challenge::StatementTable::Default())) {}

Result<StatementLabels> StatementLabels::Make(const StatementConfig& config) {
  StatementLabels labels;
  labels.config_ = config;
  if (config.table.empty()) return labels;
  const Result<std::string> text = ReadFile(config.table, kMostTableBytes);
  if (!text.ok()) return text.error();
  Result<challenge::StatementTable> table =
      challenge::StatementTable::Default().With(*text, config.table.string());
  if (!table.ok()) return table.error();
  labels.table_ = std::make_shared<challenge::StatementTable>(std::move(*table));
  return labels;
}

std::vector<std::string> StatementLabels::Counted(
    const std::vector<challenge::StatementMeaning>& said) const {
  return challenge::StatedCodes(said, config_.possible);
}

std::vector<std::string> StatementLabels::DiagnosesOf(const record::EcgInfo& info) const {
  if (!config_.use) return info.dx;
  std::vector<std::string> diagnoses;
  for (const std::string& entry : info.dx) {
    if (challenge::NotUnderstood({entry}).empty()) {
      AddNew(diagnoses, {entry});
      continue;
    }
    const challenge::StatementMeaning said = table_->Read(entry);
    AddNew(diagnoses, said.known ? Counted({said}) : std::vector<std::string>{entry});
  }
  AddNew(diagnoses, Counted(challenge::ReadStatements(info.statements, *table_)));
  return diagnoses;
}

std::vector<std::string> UnreadStatements(const std::vector<std::string>& statements,
                                          const std::vector<challenge::StatementMeaning>& said) {
  std::vector<std::string> unread;
  for (std::size_t i = 0; i < said.size() && i < statements.size(); ++i) {
    if (said[i].unread.empty() || record::MayIdentify(statements[i])) continue;
    AddNew(unread, said[i].unread);
  }
  return unread;
}

}  // namespace ecg::data
