#include "ecg/core/checksum.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "ecg/core/result.h"

namespace ecg {

namespace {

[[noreturn]] void Unavailable() {
  throw Exception({ErrorKind::kInternal, "SHA-256 is not available", {}, 0, {}});
}

// Looked up once: else the library walks its tables at every call, on whatever thread.
const EVP_MD* Algorithm() {
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (sha256 == nullptr) Unavailable();
  return sha256;
}

}  // namespace

Sha256Digest Sha256Bytes(std::string_view bytes) {
  Sha256Digest digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, Algorithm(), nullptr) != 1) {
    Unavailable();
  }
  return digest;
}

struct Sha256Stream::Context {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> evp{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) {
  if (!context_->evp || EVP_DigestInit_ex(context_->evp.get(), Algorithm(), nullptr) != 1) {
    Unavailable();
  }
}

Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::Add(std::string_view bytes) {
  if (EVP_DigestUpdate(context_->evp.get(), bytes.data(), bytes.size()) != 1) Unavailable();
}

Sha256Digest Sha256Stream::Finish() {
  Sha256Digest digest{};
  if (EVP_DigestFinal_ex(context_->evp.get(), digest.data(), nullptr) != 1) Unavailable();
  return digest;
}

std::string Hexadecimal(const Sha256Digest& digest) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string Sha256(std::string_view bytes) { return Hexadecimal(Sha256Bytes(bytes)); }

std::uint32_t Crc32c(std::string_view bytes) {
  static const std::array<std::uint32_t, 256> table = [] {
    std::array<std::uint32_t, 256> entries{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) ? 0x82f63b78u : 0u);
      entries[i] = value;
    }
    return entries;
  }();
  std::uint32_t crc = 0xffffffffu;
  for (const char c : bytes) crc = (crc >> 8) ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return crc ^ 0xffffffffu;
}

}  // namespace ecg
