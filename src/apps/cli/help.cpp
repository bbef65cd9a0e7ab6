#include "src/apps/cli/help.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "ecg/core/terminal.h"
#include "ecg/core/text.h"

namespace ecg::cli {
namespace {

constexpr std::size_t kUsualColumns = 80;
constexpr std::size_t kFewestColumns = 30;  // narrower, a line holds hardly a word
constexpr std::size_t kOptionColumns = 30;  // of an option's name and value, before its text
constexpr std::size_t kHanging = 6;         // of lines that go on
// Options of a group are set in by so much once they are written.
constexpr std::size_t kGroupIndent = 2;

// The text in lines no wider than `columns`, each set in by `indent` but the first.
std::string Hanging(std::string_view text, std::size_t columns, std::size_t indent) {
  std::string out;
  for (const std::string& line : WrapWords(text, columns - indent)) {
    if (!out.empty()) out += "\n" + std::string(indent, ' ');
    out += line;
  }
  return out;
}

// What a positional option is called on the command line.
std::string WordsOf(const CLI::Option& option) {
  const std::string& text = option.get_option_text();
  if (!text.empty()) return text;
  const std::string name = option.get_name(/*positional=*/true);
  return option.get_expected_max() > 1 ? name + "..." : name;
}

}  // namespace

std::size_t HelpColumns() {
  std::size_t columns = 0;
  if (const char* variable = std::getenv("COLUMNS"); variable != nullptr) {
    const std::optional<std::int64_t> stated = ParseInt(variable);
    if (stated && *stated > 0) columns = static_cast<std::size_t>(*stated);
  }
  if (columns == 0) columns = TerminalColumns(STDOUT_FILENO);
  return columns == 0 ? kUsualColumns : std::max(columns, kFewestColumns);
}

std::vector<std::string> WrapWords(std::string_view text, std::size_t columns) {
  std::string blanks(text);
  std::replace(blanks.begin(), blanks.end(), '\n', ' ');
  std::vector<std::string> lines;
  for (const std::string_view word : SplitWords(blanks)) {
    if (!lines.empty() && DisplayColumns(lines.back()) + 1 + DisplayColumns(word) <= columns) {
      lines.back().append(" ").append(word);
    } else {
      lines.emplace_back(word);
    }
  }
  return lines;
}

std::vector<FooterPart> FooterParts(std::string_view footer) {
  std::vector<FooterPart> parts;
  bool empty_before = false;
  for (const std::string_view line : SplitLines(footer)) {
    if (Trim(line).empty()) {
      empty_before = true;
      continue;
    }
    const bool kept = line.front() == ' ';
    if (parts.empty() || empty_before || parts.back().kept != kept) {
      parts.push_back({kept, {}, empty_before && !parts.empty()});
    }
    std::string& text = parts.back().text;
    if (!kept && !text.empty()) text += ' ';
    text += line;
    if (kept) text += '\n';
    empty_before = false;
  }
  return parts;
}

HelpFormatter::HelpFormatter(std::size_t columns) : columns_(columns) {}

std::string HelpFormatter::make_description(const CLI::App* app) const {
  const std::string text = Formatter::make_description(app);
  return text.empty() ? text : Hanging(text, columns_, 0) + "\n";
}

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  std::string usage = "Usage: " + (name.empty() ? app->get_name() : name) + " [OPTIONS]";
  for (const CLI::Option* option : app->get_options()) {
    if (!option->get_positional()) continue;
    const std::string words = WordsOf(*option);
    usage += option->get_required() ? " " + words : " [" + words + "]";
  }
  return Hanging(usage, columns_, kHanging) + "\n";
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  const std::size_t columns = columns_ - kGroupIndent;
  // On narrow terminals the text has lines of its own.
  const std::size_t indent = columns >= 2 * kOptionColumns ? kOptionColumns : kHanging;
  const std::string name =
      is_positional ? WordsOf(*option) : make_option_name(option, false) + make_option_opts(option);
  std::string out = "  " + Hanging(name, columns - 2, kHanging - 2);
  // Lines that go on are set in from the option's own beginning.
  for (std::size_t at = out.find('\n'); at != std::string::npos; at = out.find('\n', at + 1)) {
    out.insert(at + 1, "  ");
  }
  const std::string text = Hanging(make_option_desc(option), columns, indent);
  if (text.empty()) return out + "\n";
  const bool beside = out.find('\n') == std::string::npos && DisplayColumns(out) < indent;
  out += beside ? std::string(indent - DisplayColumns(out), ' ') : "\n" + std::string(indent, ' ');
  return out + text + "\n";
}

std::string HelpFormatter::make_footer(const CLI::App* app) const {
  std::string out;
  for (const FooterPart& part : FooterParts(app->get_footer())) {
    if (part.empty_before) out += "\n";
    out += part.kept ? part.text : Hanging(part.text, columns_, 0) + "\n";
  }
  return out;
}

}  // namespace ecg::cli
