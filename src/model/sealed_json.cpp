#include "src/model/sealed_json.h"

#include <cstddef>
#include <utility>

#include "ecg/core/checksum.h"

namespace ecg::model {
namespace {

constexpr char kChecksum[] = "checksum";
constexpr std::size_t kDigest = 64;  // hexadecimal digits of a SHA-256

bool IsSealed(std::string text, const Json& root) {
  const auto found = root.find(kChecksum);
  if (found == root.end() || !found->is_string()) return false;
  const std::string& digest = found->get_ref<const std::string&>();
  if (digest.size() != kDigest) return false;
  const std::size_t at = text.rfind(digest);
  if (at == std::string::npos) return false;
  text.replace(at, kDigest, std::string(kDigest, '0'));
  return Sha256(text) == digest;
}

}  // namespace

std::string SealJson(Json json) {
  const std::string zeros(kDigest, '0');
  json[kChecksum] = zeros;
  std::string text = DumpJson(json);
  const std::string checksum = Sha256(text);
  return text.replace(text.rfind(zeros), kDigest, checksum);
}

Status CheckSeal(const std::string& text, const JsonDocument& document) {
  if (IsSealed(text, document.root)) return {};
  return InputError("does not have the checksum that it names: damaged, or changed by hand",
                    document.file, document.LineOf(kChecksum), kChecksum);
}

}  // namespace ecg::model
