#include "ecg/data/labels/statement_list.h"

#include <algorithm>
#include <map>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/data/records/record_index.h"
#include "ecg/record/identity.h"

namespace ecg::data {
namespace {

// With every run of digits as "#", and one blank between words.
std::string WithoutNumbers(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9', blank = c == ' ' || c == '\t';
    const char shown = digit ? '#' : blank ? ' ' : c;
    if ((digit || blank) && !plain.empty() && plain.back() == shown) continue;
    plain += shown;
  }
  return std::string(Trim(plain));
}

// Counts texts, each once a recording.
class Counter {
 public:
  void Add(std::size_t recording, const std::string& text,
           const challenge::StatementMeaning& meaning) {
    std::string shown = WithoutNumbers(text);
    const auto [at, is_new] = index_.emplace(ToLower(shown), entries_.size());
    if (is_new) {
      entries_.push_back({{std::move(shown), 0, meaning.findings, meaning.of_another}, 0});
    }
    Entry& entry = entries_[at->second];
    if (entry.counted.count > 0 && entry.last == recording) return;
    ++entry.counted.count;
    entry.last = recording;
  }

  std::vector<CountedStatement> Take() {
    std::vector<CountedStatement> list;
    for (Entry& entry : entries_) list.push_back(std::move(entry.counted));
    std::stable_sort(list.begin(), list.end(),
                     [](const auto& a, const auto& b) { return a.count > b.count; });
    return list;
  }

 private:
  struct Entry {
    CountedStatement counted;
    std::size_t last = 0;  // the recording that was counted last
  };
  std::map<std::string, std::size_t> index_;
  std::vector<Entry> entries_;
};

class Lister {
 public:
  Lister(const StatementLabels& labels, bool identify) : labels_(labels), identify_(identify) {}

  void Add(const record::EcgInfo& info) {
    ++list_.recordings;
    if (!info.statements.empty()) ++list_.with_statements;
    if (!info.dx.empty()) ++list_.with_diagnoses;
    const auto said = challenge::ReadStatements(info.statements, labels_.table());
    for (std::size_t i = 0; i < said.size(); ++i) AddStatement(info.statements[i], said[i]);
    CountCodes(said);
  }

  StatementList Take() {
    list_.understood = understood_.Take();
    list_.unread = unread_.Take();
    for (auto& [code, counted] : codes_) list_.codes.push_back(std::move(counted));
    std::stable_sort(
        list_.codes.begin(), list_.codes.end(),
        [](const CountedCode& a, const CountedCode& b) { return a.stated > b.stated; });
    return std::move(list_);
  }

 private:
  void AddStatement(const std::string& text, const challenge::StatementMeaning& meaning) {
    if (!identify_ && record::MayIdentify(text)) {
      ++list_.withheld;
      return;
    }
    if (meaning.known) understood_.Add(list_.recordings, text, meaning);
    for (const std::string& part : meaning.unread) unread_.Add(list_.recordings, part, {});
  }

  void CountCodes(const std::vector<challenge::StatementMeaning>& said) {
    std::map<std::string, challenge::Certainty> most;
    for (const challenge::StatementMeaning& statement : said) {
      for (const challenge::Finding& finding : statement.findings) {
        const auto [at, is_new] = most.emplace(finding.code, finding.certainty);
        if (!is_new) at->second = std::max(at->second, finding.certainty);
      }
    }
    for (const auto& [code, certainty] : most) {
      CountedCode& counted = codes_[code];
      counted.code = code;
      ++(certainty == challenge::Certainty::kStated     ? counted.stated
         : certainty == challenge::Certainty::kPossible ? counted.possible
                                                        : counted.denied);
    }
  }

  const StatementLabels& labels_;
  bool identify_;
  Counter understood_, unread_;
  std::map<std::string, CountedCode> codes_;
  StatementList list_;
};

}  // namespace

Result<StatementList> ListStatements(const RecordInputs& inputs, const StatementLabels& labels,
                                     bool identify, int threads) {
  Result<RecordIndex> index = ScanRecords(inputs, threads);
  if (!index.ok()) return index.error();
  Lister lister(labels, identify);
  for (const RecordEntry& record : index->records) lister.Add(record.info);
  StatementList list = lister.Take();
  list.failed = std::move(index->failed);
  return list;
}

}  // namespace ecg::data
