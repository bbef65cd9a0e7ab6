// Any bytes as a user's table of statements, as a statement and as a list of codes: no crash, and
// what is understood is what it claims to be.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ecg/challenge/diagnoses.h"
#include "ecg/challenge/statements.h"

using namespace ecg::challenge;

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void Check(const StatementMeaning& meaning, std::string_view text) {
  for (const Finding& finding : meaning.findings) Require(IsCode(finding.code));
  for (const std::string& part : meaning.unread) {
    Require(!part.empty() && text.find(part) != std::string_view::npos);
  }
  Require(meaning.findings.empty() || meaning.known);
  Require(!meaning.then_of_another || meaning.of_another);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const StatementTable& usual = StatementTable::Default();
  Check(usual.Read(text), text);
  for (const char* system : {"scp", "aha", "axis", "mdc", "none"}) {
    Check(usual.ReadCodes(system, text), text);
  }
  const auto own = StatementTable::Parse(text, "fuzz");
  if (own.ok()) {
    Check(own->Read(text), text);
  } else {
    Require(own.error().file == "fuzz");
  }
  return 0;
}
