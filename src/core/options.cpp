#include <coroom/options.hpp>

#include <boost/program_options/cmdline.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iostream>
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

}  // namespace

Options::Options(std::string about, std::string version)
    : about_(std::move(about)), version_(std::move(version)) {}

Options::~Options() = default;

void Options::define_section(std::string name, ReadKey read) {
  sections_.push_back({std::move(name), std::move(read)});
}

void Options::add(Definition definition) {
  definition.name = with_dashes(std::move(definition.name));
  const std::string& name = definition.name;
  if (!can_be_written(name)) throw std::invalid_argument("an option cannot be called '" + name + "'");
  if (name == "help" || name == "version" || find(name) != nullptr) {
    throw std::logic_error("the option '" + name + "' is defined twice");
  }
  definitions_.push_back(std::move(definition));
}

Options::Definition* Options::find(std::string_view name) {
  const auto found = std::ranges::find(definitions_, name, &Definition::name);
  return found == definitions_.end() ? nullptr : &*found;
}

Result<CommandLine> Options::parse_command_line(int argc, const char* const* argv) {
  if (argc > 0) program_ = std::filesystem::path(argv[0]).filename().string();
  po::options_description known;
  known.add_options()("help", "");
  if (!version_.empty()) known.add_options()("version", "");
  for (const Definition& each : definitions_)
    known.add_options()(each.name.c_str(), po::value<std::string>(), "");

  // What Program_options would read otherwise: underscores, a flag by itself, and `--name=` with nothing
  // behind.
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
    const int style = unix_style & ~allow_guessing;  // what is half written may be another option tomorrow
    const auto parsed = po::command_line_parser(argc, argv)
                            .options(known)
                            .style(style)
                            .extra_style_parser(read_name)
                            .allow_unregistered()
                            .run();
    for (const po::option& each : parsed.options) {
      if (each.unregistered) {
        // Program_options would say the same, but never end where the name holds one of its placeholders.
        const std::string& token = each.original_tokens.front();
        return failure("unrecognised option '" + token.substr(0, token.find('=', 3)) + "'");
      }
      if (each.string_key.empty()) {
        line.arguments.insert(line.arguments.end(), each.value.begin(), each.value.end());
      } else if (each.string_key == "help") {
        line.notice = help();
      } else if (each.string_key == "version") {
        line.notice = version_ + '\n';
      } else {
        texts.emplace_back(each.string_key, each.value.front());
      }
    }
  } catch (const po::error& error) {
    return failure(error.what());
  }
  if (line.notice) return line;
  return read(Source::command_line, texts).map([&] { return std::move(line); });
}

void Options::parse_command_line_or_exit(int argc, const char* const* argv) {
  auto line = parse_command_line(argc, argv);
  if (line && line->notice) {
    std::cout << *line->notice << std::flush;
    std::exit(EXIT_SUCCESS);
  }
  if (line && !line->arguments.empty())
    line = failure("unexpected argument '" + line->arguments.front() + "'");
  if (!line) {
    std::cerr << program_ << ": " << line.error().message << " (see --help)\n";
    std::exit(exit_usage);
  }
}

Result<> Options::parse_config_file(const std::filesystem::path& path) {
  const auto failed = [&path](const std::string& why) { return failure("in " + path.string() + ": " + why); };
  std::ifstream file(path);
  Texts texts;
  try {
    // Names are looked up here and not by Program_options, for the sake of underscores.
    const po::options_description none;
    for (const po::option& each : po::parse_config_file(file, none, true).options) {
      const Section* section = section_of(each.string_key);
      if (section == nullptr) {
        texts.emplace_back(with_dashes(each.string_key), each.value.front());
        continue;
      }
      const auto done = section->read(each.string_key.substr(section->name.size() + 1), each.value.front());
      if (!done) return failed(each.string_key + ": " + done.error().message);
    }
  } catch (const po::invalid_config_file_syntax& error) {
    // Its what() never ends where the line holds one of its placeholders.
    return failed("the options configuration file contains an invalid line '" + error.tokens() + "'");
  } catch (const po::error& error) {
    return failed(error.what());
  }
  if (!file.eof() || file.bad()) return failed("the file cannot be read");
  if (auto done = read(Source::file, texts); !done) return failed(done.error().message);
  return {};
}

const Options::Section* Options::section_of(const std::string& key) const {
  const auto section = std::ranges::find_if(
      sections_, [&key](const Section& each) { return key.starts_with(each.name + "."); });
  return section == sections_.end() ? nullptr : &*section;
}

Result<> Options::parse_environment(const std::string& prefix) {
  Texts texts;
  for (const Definition& each : definitions_) {
    const char* const value = std::getenv(variable_of(prefix, each.name).c_str());
    if (value != nullptr) texts.emplace_back(each.name, value);
  }
  if (auto done = read(Source::environment, texts); !done) {
    return failure("in the environment: " + done.error().message);
  }
  return {};
}

std::vector<std::string> Options::unknown_variables(const std::string& prefix) const {
  std::vector<std::string> unknown;
  for (char* const* variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const std::string name(text.substr(0, text.find('=')));
    const auto is_of = [&](const Definition& each) { return variable_of(prefix, each.name) == name; };
    if (name.starts_with(prefix) && std::ranges::none_of(definitions_, is_of)) unknown.push_back(name);
  }
  std::ranges::sort(unknown);
  return unknown;
}

Result<> Options::read(Source source, const Texts& texts) {
  std::vector<std::pair<Definition*, std::string>> chosen;
  for (const auto& [name, text] : texts) {
    Definition* const definition = find(name);
    if (definition == nullptr) return failure("unrecognised option '" + name + "'");
    if (definition->source > source) continue;
    const auto before = std::ranges::find(chosen, definition, [](const auto& each) { return each.first; });
    if (before == chosen.end()) {
      chosen.emplace_back(definition, text);
    } else if (definition->is_list) {
      before->second.append(",").append(text);
    } else {
      before->second = text;
    }
  }
  // All of them before the first is read, since a callback may read a source that wins over less.
  for (const auto& [definition, text] : chosen) definition->source = source;
  for (const auto& [definition, text] : chosen) {
    const auto done = definition->read(text);
    if (!done) return failure("--" + definition->name + ": " + done.error().message);
  }
  return {};
}

std::string Options::help() const {
  std::vector<std::string> groups{""};
  for (const Definition& each : definitions_) {
    if (std::ranges::find(groups, each.group) == groups.end()) groups.push_back(each.group);
  }
  po::options_description all;
  for (const std::string& group : groups) {
    po::options_description options(group.empty() ? "Options" : group, help_width);
    if (group.empty()) {
      options.add_options()("help", "print this and exit");
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
