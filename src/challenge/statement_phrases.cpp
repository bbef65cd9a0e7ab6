#include "src/challenge/statement_phrases.h"

#include <algorithm>

namespace ecg::challenge {

std::size_t PhraseTree::Step(std::size_t node, const std::string& word) {
  const std::size_t fresh = nodes_.size();
  std::size_t step = fresh;
  if (word.back() == '*') {
    const std::string beginning = word.substr(0, word.size() - 1);
    auto& beginnings = nodes_[node].beginnings;
    const auto found = std::find_if(beginnings.begin(), beginnings.end(),
                                    [&](const auto& known) { return known.first == beginning; });
    if (found != beginnings.end()) return found->second;
    beginnings.emplace_back(beginning, fresh);
  } else {
    step = nodes_[node].next.emplace(word, fresh).first->second;
  }
  if (step == fresh) nodes_.emplace_back();
  return step;
}

void PhraseTree::Add(const std::vector<std::string>& words, const PhraseMeaning* meaning) {
  std::size_t node = 0;
  for (const std::string& word : words) node = Step(node, word);
  nodes_[node].meaning = meaning;
}

void PhraseTree::Follow(const std::vector<StatementWord>& words, std::size_t begin, std::size_t at,
                        std::size_t node, Match& best) const {
  const Node& here = nodes_[node];
  if (here.meaning != nullptr && at - begin > best.words) best = {here.meaning, at - begin};
  if (at == words.size()) return;
  const std::string& word = words[at].text;
  const auto whole = here.next.find(word);
  if (whole != here.next.end()) Follow(words, begin, at + 1, whole->second, best);
  for (const auto& [beginning, next] : here.beginnings) {
    if (word.compare(0, beginning.size(), beginning) == 0) {
      Follow(words, begin, at + 1, next, best);
    }
  }
}

PhraseTree::Match PhraseTree::Longest(const std::vector<StatementWord>& words,
                                      std::size_t begin) const {
  Match best;
  Follow(words, begin, begin, 0, best);
  return best;
}

}  // namespace ecg::challenge
