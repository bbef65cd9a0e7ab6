// Phrases of words with what they mean, to be found in statements.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "src/challenge/statement_words.h"

namespace ecg::challenge {

enum class Role {
  kFinding,        // stands for diagnoses
  kNothing,        // says no diagnosis
  kDenies,         // what comes next
  kDeniesBefore,   // what came last
  kDoubts,         // what comes next is possible
  kDoubtsBefore,   // what came last is
  kDoubtsEither,   // what comes next, where it is near, or else what came last
  kOther,          // its sentence speaks of another recording
  kOtherFromHere,  // as does all that follows
  kOr,
  kAnd,
  kBut,  // join two findings, or part them
};

struct PhraseMeaning {
  Role role = Role::kNothing;
  std::vector<std::string> codes;  // SNOMED CT, of kFinding

  bool operator==(const PhraseMeaning& other) const {
    return role == other.role && codes == other.codes;
  }
};

// A tree of words. A word that ends in '*' stands for every word that begins so.
class PhraseTree {
 public:
  struct Match {
    const PhraseMeaning* meaning = nullptr;  // null: none
    std::size_t words = 0;
  };

  // The meaning must outlive the tree.
  void Add(const std::vector<std::string>& words, const PhraseMeaning* meaning);
  // The longest phrase that begins at this word.
  Match Longest(const std::vector<StatementWord>& words, std::size_t begin) const;

 private:
  struct Node {
    std::map<std::string, std::size_t, std::less<>> next;         // by whole words
    std::vector<std::pair<std::string, std::size_t>> beginnings;  // by how words begin
    const PhraseMeaning* meaning = nullptr;
  };

  std::size_t Step(std::size_t node, const std::string& word);
  void Follow(const std::vector<StatementWord>& words, std::size_t begin, std::size_t at,
              std::size_t node, Match& best) const;

  std::vector<Node> nodes_ = std::vector<Node>(1);
};

}  // namespace ecg::challenge
