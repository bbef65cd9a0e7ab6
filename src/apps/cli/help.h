// What --help prints, as wide as the terminal.
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ecg::cli {

// How wide help may be: what the variable COLUMNS says, else the terminal on stdout, else 80.
std::size_t HelpColumns();

// The words of a text in lines of up to `columns`; a word that is longer has a line of its own.
// Line breaks of the text are blanks.
std::vector<std::string> WrapWords(std::string_view text, std::size_t columns);

// A part of a footer: lines that begin with a blank, as examples do, are kept as they are; all
// others are paragraphs, between which there is an empty line or a line that is kept.
struct FooterPart {
  bool kept = false;
  std::string text;           // lines that are kept end in \n each; a paragraph is one line
  bool empty_before = false;  // an empty line goes before it
};
std::vector<FooterPart> FooterParts(std::string_view footer);

// CLI11's help, wrapped.
class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::size_t columns);

  std::string make_description(const CLI::App* app) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_footer(const CLI::App* app) const override;

 private:
  std::size_t columns_;
};

}  // namespace ecg::cli
