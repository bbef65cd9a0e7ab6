// What the readers of XML share: the document by local names, numbers and base64 in it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"
#include "ecg/record/reader.h"
#include "ecg/record/signal_file.h"

namespace ecg::xml {

// More than any recording of minutes takes; a document takes many times as much memory.
inline constexpr std::size_t kMostBytes = std::size_t{64} << 20;

// A document in any encoding that it states. An error names the line.
Result<std::unique_ptr<pugi::xml_document>> Load(const std::filesystem::path& path);

// A name without its namespace's prefix.
std::string_view LocalName(const pugi::xml_node& node);

// The first child of this local name, and that of a way of names "a/b/c"; null where there is none.
pugi::xml_node Child(const pugi::xml_node& node, std::string_view name);
pugi::xml_node At(const pugi::xml_node& node, std::string_view way);
std::vector<pugi::xml_node> Children(const pugi::xml_node& node, std::string_view name);

// The text of a child, without blanks around it; empty where there is none.
std::string Text(const pugi::xml_node& node, std::string_view way);
std::optional<double> Number(const pugi::xml_node& node, std::string_view way);

// Whether the element that a document's first bytes begin with has a name with this in it.
bool HasRoot(std::string_view begin, std::string_view name);

// The bytes of a base64 text; an error says what is wrong.
Result<std::string> DecodeBase64(std::string_view text);

// 16-bit little-endian samples.
std::vector<float> Samples16(std::string_view bytes);

// Numbers with blanks or commas between them. An error: what is none.
Result<std::vector<float>> ParseNumbers(std::string_view text);

// "20021122", also with hours behind it, "2002-11-22", and by `american` "11-22-2002".
std::optional<record::Date> ParseDate(std::string_view text, bool american = false);
// Seconds since midnight of "15:19:22" or "151922".
std::optional<double> ParseTime(std::string_view text);

// A format of XML: everything but how it is read.
class XmlReader : public record::RecordReader {
 public:
  // What a document holds.
  struct Content {
    record::EcgInfo info;
    std::vector<record::SignalInfo> signals;
    record::HeldFile::Values values;
    std::vector<std::string> warnings;
  };
  // A field and a message.
  struct Problem {
    std::string field, message;
  };
  using ReadFunction = std::optional<Problem> (*)(const pugi::xml_document&, Content&);

  XmlReader(std::string_view name, std::string_view description, std::string_view root,
            ReadFunction read)
      : name_(name), description_(description), root_(root), read_(read) {}

  std::string_view name() const override { return name_; }
  std::string_view description() const override { return description_; }
  std::vector<std::string_view> endings() const override { return {".xml"}; }
  record::Recognition Recognises(std::string_view begin) const override {
    return HasRoot(begin, root_) ? record::Recognition::kCertain : record::Recognition::kNo;
  }
  Result<std::unique_ptr<record::RecordFile>> Open(const std::filesystem::path& path,
                                                   const record::OpenOptions& told) const override;

 protected:
  // A recording of a content.
  static Result<std::unique_ptr<record::RecordFile>> Hold(const std::filesystem::path& path,
                                                          const record::OpenOptions& told,
                                                          Content content);

 private:
  std::string_view name_, description_, root_;
  ReadFunction read_;
};

}  // namespace ecg::xml
