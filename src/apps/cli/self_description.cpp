#include "src/apps/cli/self_description.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "ecg/core/text.h"
#include "src/apps/cli/help.h"

namespace ecg::cli {
namespace {

// Those that help shows, groups behind the rest.
std::vector<const CLI::Option*> OptionsOf(const CLI::App& app) {
  std::vector<const CLI::Option*> options =
      app.get_options([](const CLI::Option* option) { return !option->get_group().empty(); });
  const auto groups = [](const CLI::App* group) { return group->get_name().empty(); };
  for (const CLI::App* group : app.get_subcommands(groups)) {
    const std::vector<const CLI::Option*> further = OptionsOf(*group);
    options.insert(options.end(), further.begin(), further.end());
  }
  return options;
}

std::vector<const CLI::App*> CommandsOf(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* part) { return !part->get_name().empty(); });
}

// Those of the program and of its commands.
std::vector<const CLI::Option*> AllOptionsOf(const CLI::App& app) {
  std::vector<const CLI::Option*> options = OptionsOf(app);
  for (const CLI::App* command : CommandsOf(app)) {
    for (const CLI::Option* option : OptionsOf(*command)) {
      const bool known = std::any_of(options.begin(), options.end(), [&](const CLI::Option* other) {
        return !option->get_positional() && other->get_lnames() == option->get_lnames();
      });
      if (!known) options.push_back(option);
    }
  }
  return options;
}

// As in "-q", "--quiet".
std::vector<std::string> NamesOf(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

bool TakesValue(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

std::vector<std::string> Trimmed(std::string_view list, char separator) {
  std::vector<std::string> items;
  for (const std::string_view item : Split(list, separator)) items.emplace_back(Trim(item));
  return items;
}

// The values that an option may have, where help lists them: "a|b", "<a | b>" or "...{a,b}".
std::vector<std::string> ChoicesOf(const CLI::Option& option) {
  const std::string stated = option.get_option_text();
  if (stated.find('|') != std::string::npos) return Trimmed(stated, '|');
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}');
  if (open < close && close != std::string::npos) {
    return Trimmed(std::string_view(type).substr(open + 1, close - open - 1), ',');
  }
  if (type.find('|') == std::string::npos || type.front() != '<' || type.back() != '>') return {};
  return Trimmed(std::string_view(type).substr(1, type.size() - 2), '|');
}

std::string OneLine(const std::string& text) { return Join(WrapWords(text, text.size()), " "); }

// Text of a manual page; a line may not begin with what begins a macro.
std::string Troff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    line_start = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string TroffOption(const CLI::Option& option) {
  const CLI::Formatter formatter;
  std::string names;
  for (const std::string& name : NamesOf(option)) {
    names += (names.empty() ? "\\fB" : ", \\fB") + Troff(name) + "\\fR";
  }
  if (option.get_positional()) names = "\\fI" + Troff(option.get_name(true)) + "\\fR";
  return ".TP\n" + names + Troff(formatter.make_option_opts(&option)) + "\n" +
         Troff(OneLine(option.get_description())) + "\n";
}

// A command of a program: what it takes, what it does, its options.
std::string TroffCommand(const CLI::App& command) {
  const CLI::Formatter formatter;
  std::string heading = "\\fB" + command.get_name() + "\\fR [OPTIONS]";
  std::string options;
  for (const CLI::Option* option : OptionsOf(command)) {
    if (option->get_positional()) heading += " " + Troff(formatter.make_option_usage(option));
    options += TroffOption(*option);
  }
  const std::string footer = command.get_footer();
  return ".SS " + heading + "\n" + Troff(OneLine(command.get_description())) + "\n" +
         (footer.empty() ? "" : ".PP\n" + Troff(OneLine(footer)) + "\n") + options;
}

std::string KeptLines(const std::string& lines) { return ".nf\n" + Troff(lines) + ".fi\n"; }

// "Examples:" and "Exit codes:" are headings that readers of manuals look for.
std::string Announcement(const std::string& text) {
  if (text == "Examples:") return ".SH EXAMPLES\n";
  if (text == "Exit codes:") return ".SH \"EXIT STATUS\"\n";
  return ".PP\n" + Troff(text) + "\n";
}

// Inside single quotes of a shell.
std::string Quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

// Inside the parts of a specification of zsh's _arguments.
std::string ZshText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string ManualPage(const CLI::App& app, const std::string& version) {
  const std::string name = app.get_name();
  std::string synopsis = "\\fB" + name + "\\fR [OPTIONS]";
  std::string operands;
  std::string options;
  const CLI::Formatter formatter;
  for (const CLI::Option* option : OptionsOf(app)) {
    if (option->get_positional()) synopsis += " " + Troff(formatter.make_option_usage(option));
    (option->get_positional() ? operands : options) += TroffOption(*option);
  }
  const std::vector<const CLI::App*> commands = CommandsOf(app);
  std::string of_commands;
  for (const CLI::App* command : commands) of_commands += TroffCommand(*command);
  if (!commands.empty()) synopsis += " COMMAND ...";
  std::string upper = name;
  for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  std::string description = Troff(OneLine(app.get_description())) + "\n";
  std::string sections;
  const std::vector<FooterPart> parts = FooterParts(app.get_footer());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].kept) {
      sections += KeptLines(parts[i].text);
    } else if (i + 1 < parts.size() && parts[i + 1].kept) {
      sections += Announcement(parts[i].text);
    } else {
      description += ".PP\n" + Troff(parts[i].text) + "\n";
    }
  }
  return ".TH " + upper + " 1 \"\" \"ecg " + version + "\" \"User Commands\"\n" + ".SH NAME\n" +
         name + " \\- " + Troff(OneLine(app.get_description())) + "\n" + ".SH SYNOPSIS\n" +
         synopsis + "\n" + ".SH DESCRIPTION\n" + description +
         (operands.empty() ? "" : ".SH ARGUMENTS\n" + operands) + ".SH OPTIONS\n" + options +
         (commands.empty() ? "" : ".SH COMMANDS\n" + of_commands) + sections;
}

std::string BashCompletion(const CLI::App& app) {
  const std::string name = app.get_name();
  std::vector<std::string> all;
  std::vector<std::string> commands;
  for (const CLI::App* command : CommandsOf(app)) commands.push_back(command->get_name());
  std::string cases;
  for (const CLI::Option* option : AllOptionsOf(app)) {
    const std::vector<std::string> names = NamesOf(*option);
    all.insert(all.end(), names.begin(), names.end());
    if (!TakesValue(*option) || names.empty()) continue;
    // Where there is no list, bash goes on with names of files.
    const std::vector<std::string> choices = ChoicesOf(*option);
    cases += "    " + Join(names, "|") + ") " +
             (choices.empty()
                  ? ""
                  : "COMPREPLY=($(compgen -W " + Quoted(Join(choices, " ")) + " -- \"$word\")); ") +
             "return ;;\n";
  }
  return "# bash completion of " + name + "\n_" + name + "() {\n" +
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  COMPREPLY=()\n"
         "  case $before in\n" +
         cases +
         "  esac\n"
         "  if [[ $word == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W " +
         Quoted(Join(all, " ")) + " -- \"$word\"))\n" +
         (commands.empty() ? ""
                           : "  elif [ $COMP_CWORD = 1 ]; then\n    COMPREPLY=($(compgen -W " +
                                 Quoted(Join(commands, " ")) + " -- \"$word\"))\n") +
         "  fi\n}\ncomplete -o default -F _" + name + " " + name + "\n";
}

std::string ZshCompletion(const CLI::App& app) {
  std::string out = "#compdef " + app.get_name() + "\n_arguments -s";
  bool files = false;
  for (const CLI::Option* option : AllOptionsOf(app)) {
    files = files || option->get_positional();
    for (const std::string& name : NamesOf(*option)) {
      std::string value;
      if (TakesValue(*option)) {
        const std::vector<std::string> choices = ChoicesOf(*option);
        value = choices.empty() ? ":value:_files" : ":value:(" + Join(choices, " ") + ")";
      }
      out += " \\\n  " +
             Quoted("*" + name + "[" + ZshText(OneLine(option->get_description())) + "]" + value);
    }
  }
  if (files) out += " \\\n  '*:file:_files'";
  return out + "\n";
}

}  // namespace ecg::cli
