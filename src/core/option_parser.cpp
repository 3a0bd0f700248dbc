#include "core/config_lines.hpp"
#include "core/folder.hpp"
#include "core/setting_value.hpp"

#include <coroom/option_parser.hpp>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/program_options/cmdline.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <boost/regex.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace coroom {
namespace {

namespace po = boost::program_options;

constexpr unsigned help_width = 100;
constexpr int exit_usage = 2;

std::string with_dashes(std::string name) {
  std::ranges::replace(name, '_', '-');
  return name;
}

bool can_be_written(std::string_view name) {
  const auto fits = [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '-' || letter == '.';
  };
  return !name.empty() && name.front() != '-' && std::ranges::all_of(name, fits);
}

std::string variable_of(const std::string& prefix, std::string name) {
  std::ranges::transform(name, name.begin(), [](unsigned char letter) {
    return std::isalnum(letter) != 0 ? static_cast<char>(std::toupper(letter)) : '_';
  });
  return prefix + name;
}

/// Returns whether a value is the address of a service, as Kubernetes and Docker pass it to neighbouring
/// containers.
bool is_service_address(std::string_view value) {
  return std::ranges::any_of(std::array<std::string_view, 3>{"tcp://", "udp://", "sctp://"},
                             [value](std::string_view scheme) { return value.starts_with(scheme); });
}

/// Returns whether a variable is one of those that Kubernetes sets under enableServiceLinks, which is on by
/// default. Docker's links set the same ones.
bool is_service_link(const std::string& variable, std::string_view value) {
  static const boost::regex companions(
      ".+_SERVICE_HOST|.+_SERVICE_PORT(_.+)?|.+_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");
  if (variable.ends_with("_PORT") && is_service_address(value)) return true;
  return boost::regex_match(variable, companions);
}

/// Returns all variables of the environment, sorted by name.
std::vector<std::pair<std::string, std::string>> variables() {
  std::vector<std::pair<std::string, std::string>> all;
  for (char* const* variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const std::size_t equals = std::min(text.find('='), text.size());
    all.emplace_back(text.substr(0, equals), text.substr(std::min(equals + 1, text.size())));
  }
  std::ranges::sort(all);
  return all;
}

bool is_blank(std::string_view value) {
  return value.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

OptionParser::OptionParser(std::string about, std::string version)
    : about_(std::move(about)), version_(std::move(version)) {}

OptionParser::~OptionParser() = default;

void OptionParser::define_section(std::string name, ReadKey read) {
  sections_.push_back({std::move(name), std::move(read)});
}

void OptionParser::add(Definition definition) {
  definition.name = with_dashes(std::move(definition.name));
  const std::string& name = definition.name;
  if (!can_be_written(name))
    throw std::invalid_argument("an option name consists of letters, digits, dashes and dots, unlike '" +
                                name + "'");
  if (name == "help" || name == "version" || find(name) != nullptr) {
    throw std::logic_error("the option '" + name + "' is defined twice");
  }
  definitions_.push_back(std::move(definition));
}

OptionParser::Definition* OptionParser::find(std::string_view name) {
  const auto found = std::ranges::find(definitions_, name, &Definition::name);
  return found == definitions_.end() ? nullptr : &*found;
}

Result<CommandLine> OptionParser::parse_command_line(int argc, const char* const* argv) {
  if (argc > 0) program_ = std::filesystem::path(argv[0]).filename().string();
  po::options_description known;
  known.add_options()("help", "");
  if (!version_.empty()) known.add_options()("version", "");
  for (const Definition& each : definitions_)
    known.add_options()(each.name.c_str(), po::value<std::string>(), "");

  // Handles forms that Program_options would read otherwise: underscores, a flag without a value, and
  // `--name=` with an empty value.
  const auto read_name = [this](std::vector<std::string>& left) -> std::vector<po::option> {
    const std::string token = left.front();
    if (!token.starts_with("--") || token.size() == 2) return {};
    const std::size_t equals = token.find('=', 3);
    po::option option(with_dashes(token.substr(2, equals - 2)), {});
    option.original_tokens.push_back(token);
    const Definition* const definition = find(option.string_key);
    if (equals != std::string::npos) {
      option.value.push_back(token.substr(equals + 1));
    } else if (definition != nullptr && definition->is_flag) {
      option.value.emplace_back("true");
    }
    left.erase(left.begin());
    return {option};
  };

  CommandLine line;
  Texts texts;
  try {
    using namespace po::command_line_style;
    const int style =
        unix_style & ~allow_guessing;  // an abbreviation may become ambiguous in a later version
    const auto parsed = po::command_line_parser(argc, argv)
                            .options(known)
                            .style(style)
                            .extra_style_parser(read_name)
                            .allow_unregistered()
                            .run();
    for (const po::option& each : parsed.options) {
      if (each.unregistered) {
        // Program_options reports the same, but loops forever if the name contains one of its placeholders.
        const std::string& token = each.original_tokens.front();
        return failure(Errc::invalid_argument, unrecognised(token.substr(0, token.find('=', 3))));
      }
      if (each.string_key.empty()) {
        line.arguments.insert(line.arguments.end(), each.value.begin(), each.value.end());
      } else if (each.string_key == "help") {
        line.notice = help();
      } else if (each.string_key == "version") {
        line.notice = version_ + '\n';
      } else {
        texts.push_back({each.string_key, each.value.front(), {}});
      }
    }
  } catch (const po::error& error) {
    return failure(Errc::invalid_argument, detail::printable(error.what()));
  }
  if (line.notice) return line;
  return read(Source::command_line, texts).map([&] { return std::move(line); });
}

void OptionParser::parse_command_line_or_exit(int argc, const char* const* argv) {
  auto line = parse_command_line(argc, argv);
  if (line && line->notice) {
    std::cout << *line->notice << std::flush;
    std::exit(EXIT_SUCCESS);
  }
  if (line && !line->arguments.empty())
    line = failure(Errc::invalid_argument,
                   "unexpected argument '" + detail::printable(line->arguments.front()) + "'");
  if (!line) {
    std::cerr << program_ << ": " << line.error().message << " (see --help)\n";
    std::exit(exit_usage);
  }
}

Result<> OptionParser::parse_config_file(const std::filesystem::path& path) {
  const auto failed = [&path](const std::string& why) {
    return failure(Errc::invalid_argument, detail::printable("in " + path.string() + ": " + why));
  };
  const auto content = detail::read_file(path);
  if (!content) return failed("the file cannot be read");
  const auto lines = detail::config_lines(*content);
  if (!lines) return failed(lines.error().message);
  std::map<std::string, std::size_t> seen;  // name to line number
  Texts texts;
  for (const detail::ConfigLine& line : *lines) {
    const std::string where = "line " + std::to_string(line.number) + ": ";
    const std::string name = with_dashes(line.name);
    const Definition* const definition = find(name);
    const Section* const section = section_of(line.name);
    const auto [before, first] = seen.emplace(section == nullptr ? name : line.name, line.number);
    if (!first && (definition == nullptr || !definition->is_list)) {
      return failed(where + "'" + detail::printable(line.name) + "' is set in line " +
                    std::to_string(before->second) + " already");
    }
    if (section == nullptr) {
      texts.push_back({name, line.value, where, line.commented});
      continue;
    }
    const auto value = detail::setting_value(line.value);
    const auto done = value.and_then([&](const std::string& meant) {
      return section->read(line.name.substr(section->name.size() + 1), meant);
    });
    if (!done) return failed(where + detail::printable(line.name) + ": " + done.error().message);
  }
  if (auto done = read(Source::file, texts); !done) return failed(done.error().message);
  return {};
}

const OptionParser::Section* OptionParser::section_of(const std::string& key) const {
  const auto section = std::ranges::find_if(
      sections_, [&key](const Section& each) { return key.starts_with(each.name + "."); });
  return section == sections_.end() ? nullptr : &*section;
}

Result<> OptionParser::parse_environment(const std::string& prefix) {
  Texts texts;
  for (const Definition& each : definitions_) {
    const std::string variable = variable_of(prefix, each.name);
    const char* const value = std::getenv(variable.c_str());
    if (value == nullptr || is_blank(value) || is_service_link(variable, value)) continue;
    texts.push_back({each.name, value, {}});
  }
  if (auto done = read(Source::environment, texts); !done) {
    return failure(Errc::invalid_argument, "in the environment: " + done.error().message);
  }
  return {};
}

std::vector<std::string> OptionParser::unknown_variables(const std::string& prefix) const {
  std::vector<std::string> unknown;
  for (const auto& [name, value] : variables()) {
    const auto is_of = [&](const Definition& each) { return variable_of(prefix, each.name) == name; };
    if (boost::algorithm::istarts_with(name, prefix) && std::ranges::none_of(definitions_, is_of) &&
        !is_service_link(name, value))
      unknown.push_back(detail::printable(name));
  }
  return unknown;
}

std::vector<std::string> OptionParser::service_links(const std::string& prefix) const {
  std::vector<std::string> links;
  for (const auto& [name, value] : variables()) {
    const auto is_of = [&](const Definition& each) { return variable_of(prefix, each.name) == name; };
    if (std::ranges::any_of(definitions_, is_of) && is_service_link(name, value)) links.push_back(name);
  }
  return links;
}

/// Adds a hint if the name of an option differs only in letter case, underscores or leading dashes.
std::string OptionParser::unrecognised(const std::string& name) const {
  const std::string lower = with_dashes(boost::algorithm::to_lower_copy(name));
  const auto is_meant = [&](const Definition& each) {
    return lower == each.name || lower == "--" + each.name;
  };
  const auto meant = std::ranges::find_if(definitions_, is_meant);
  const std::string hint = meant == definitions_.end() ? "" : ": did you mean '" + meant->name + "'?";
  return "unrecognised option '" + detail::printable(name) + "'" + hint;
}

Result<> OptionParser::read(Source source, const Texts& texts) {
  struct Chosen {
    Definition* definition;
    std::string value;
    std::string where;
  };
  std::vector<Chosen> chosen;
  for (const Text& text : texts) {
    Definition* const definition = find(text.name);
    if (definition == nullptr) return failure(Errc::invalid_argument, text.where + unrecognised(text.name));
    if (definition->source > source) continue;
    const std::string where = text.where + "--" + definition->name + ": ";
    if (definition->is_secret && text.commented)
      return failure(
          Errc::invalid_argument,
          where +
              "a comment behind a secret could be part of the secret: put the comment on a line of its own");
    auto value = detail::setting_value(
        text.value, definition->is_secret ? detail::SettingKind::secret : detail::SettingKind::open);
    if (!value) return failure(Errc::invalid_argument, where + value.error().message);
    const auto before = std::ranges::find(chosen, definition, &Chosen::definition);
    if (before == chosen.end()) {
      chosen.push_back({definition, std::move(*value), where});
    } else if (definition->is_list) {
      before->value.append(",").append(*value);
    } else {
      before->value = std::move(*value);
    }
  }
  // All sources are set before the first value is read, since a callback may read a source of lower
  // precedence.
  for (const Chosen& each : chosen) each.definition->source = source;
  for (const Chosen& each : chosen) {
    const auto done = each.definition->read(each.value);
    if (!done) return failure(Errc::invalid_argument, each.where + done.error().message);
  }
  return {};
}

std::string OptionParser::help() const {
  std::vector<std::string> groups{""};
  for (const Definition& each : definitions_) {
    if (std::ranges::find(groups, each.group) == groups.end()) groups.push_back(each.group);
  }
  po::options_description all;
  for (const std::string& group : groups) {
    po::options_description options(group.empty() ? "Options" : group, help_width);
    if (group.empty()) {
      options.add_options()("help", "print this help and exit");
      if (!version_.empty()) options.add_options()("version", "print the version and exit");
    }
    for (const Definition& each : definitions_) {
      if (each.group != group) continue;
      if (each.is_flag && each.fallback == "false") {
        options.add_options()(each.name.c_str(), each.help.c_str());  // needs no value
        continue;
      }
      auto* const value = po::value<std::string>();
      value->value_name(each.is_flag ? "[=" + each.metavar + "]" : each.metavar);
      if (!each.fallback.empty()) value->default_value("", each.fallback);
      options.add_options()(each.name.c_str(), value, each.help.c_str());
    }
    all.add(options);
  }
  std::ostringstream text;
  text << "Usage: " << program_ << " [OPTIONS]\n";
  if (!about_.empty()) text << '\n' << about_ << '\n';
  text << all;
  return text.str();
}

}  // namespace coroom
