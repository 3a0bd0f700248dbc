#pragma once

#include <coroom/error.hpp>
#include <coroom/option_type.hpp>

#include <concepts>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace coroom {

/// The value of an option. OptionParser::define() creates it: `*port` is the value that was read, or the
/// default. Copies refer to the same value and may outlive the OptionParser. Threads that read it must be
/// started after the parsing.
template <class T>
class Option {
 public:
  /// Returns the current value.
  ///@{
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }
  ///@}

 private:
  friend class OptionParser;
  explicit Option(std::shared_ptr<const T> value) : value_(std::move(value)) {}

  std::shared_ptr<const T> value_;
};

/// The less common arguments of define(), set by name as in `{.group = "Network"}` (Tornado: define).
template <class T>
struct OptionDetails {
  std::string metavar = {};  ///< name of the value in --help, or empty for the name of its type
  std::string group = {};    ///< heading of the option in --help
  /// Whether errors hide the value. A secret keeps its characters: only line ends behind it are removed, and
  /// white space around it is an error.
  bool secret = false;
  /// Called with each value that is read, to check it or to use it. Its error becomes the error of the
  /// parsing.
  std::function<Result<>(const T&)> callback = {};
};

/// The contents of a command line other than options.
struct CommandLine {
  std::vector<std::string> arguments;  ///< arguments that are not options, and all arguments after `--`
  std::optional<std::string> notice;   ///< output of --help or --version: the program prints it and exits
};

/// The options of a program. They are defined once, and then read from the command line, the environment and
/// files (Tornado: the module tornado.options, and its OptionParser).
///
///     coroom::OptionParser options;
///     const auto port = options.define<std::uint16_t>("port", 8888, "run on the given port");
///     options.parse_command_line_or_exit(argc, argv);
///     if (const auto listens = application.listen(*port); !listens) …
///
/// The command line takes precedence over the environment, and the environment over files, in any order of
/// the calls. (In Tornado the source that is parsed last takes precedence.) A value that another source has
/// overridden already is not read. If the command line repeats an option, or two files set it, the last value
/// counts. A list has all values of its source, and none of its default.
///
/// Dashes and underscores in names are the same. An error is one line that names the source, the option and
/// the value, but not the value of a secret. Options that were read before the error keep the values read.
///
/// The same rules hold for values of all sources. White space and line ends around a value, in ASCII, are
/// removed. Quotation marks around a value, invisible characters at its ends, control characters and text
/// that is not UTF-8 are errors.
///
/// One thread at a time may use the parser; a callback may parse a file. It must exist as long as its
/// callbacks may be called.
class OptionParser {
 public:
  /// Constructs the parser. `about` is printed at the top of --help. `version` is the output of --version; if
  /// it is empty, there is no such option.
  explicit OptionParser(std::string about = {}, std::string version = {});

  OptionParser(const OptionParser&) = delete;
  OptionParser& operator=(const OptionParser&) = delete;
  ~OptionParser();

  /// Adds an option (Tornado: define). `fallback` is its default, and `help` its text in --help.
  ///
  /// Throws: std::invalid_argument unless the name consists of letters, digits, dashes, underscores and dots,
  /// and does not begin with a dash. std::logic_error if the name exists, as `help` and `version` always do.
  template <class T>
  Option<T> define(std::string name, std::type_identity_t<T> fallback, std::string help,
                   OptionDetails<T> details = {}) {
    if (details.metavar.empty()) details.metavar = OptionType<T>::metavar();
    const auto value = std::make_shared<T>(std::move(fallback));
    const auto read = [value, callback = std::move(details.callback)](std::string_view text) -> Result<> {
      auto parsed = OptionType<T>::parse(text);
      if (!parsed) return tl::unexpected(parsed.error());
      *value = std::move(*parsed);
      return callback ? callback(*value) : Result<>();
    };
    add({.name = std::move(name),
         .help = std::move(help),
         .metavar = std::move(details.metavar),
         .group = std::move(details.group),
         .fallback = OptionType<T>::format(*value),
         .is_flag = std::same_as<T, bool>,
         .is_list = detail::is_list<T>,
         .is_secret = details.secret,
         .read = read});
    return Option<T>(value);
  }

  /// Reads the value of one key of a file. Returns an error if the key or the value is wrong.
  using ReadKey = std::function<Result<>(const std::string& key, const std::string& value)>;

  /// Adds a section of config files with keys that are not known in advance. `read` is called with each key
  /// of `[name]` and of its subsections, without the prefix `name.`, and with its value. Tornado has nothing
  /// like it.
  void define_section(std::string name, ReadKey read);

  /// Reads options of the forms `--name=value` and `--name value` (Tornado: parse_command_line). For a bool,
  /// `--name` alone means true, and any other value needs the `=`. If --help or --version is present, no
  /// value is read.
  ///
  /// Errors: an unknown option; a value that is not valid or is missing.
  Result<CommandLine> parse_command_line(int argc, const char* const* argv);

  /// Reads the command line as parse_command_line() does, and ends the process if needed. For --help and
  /// --version it prints the output and exits with status 0. It prints an error to standard error and exits
  /// with status 2; an argument that is not an option is an error here.
  void parse_command_line_or_exit(int argc, const char* const* argv);

  /// Reads lines of the form `name = value`, and sections `[name]` (Tornado: parse_config_file, which reads
  /// Python). A `#` at the start of a line or after white space begins a comment.
  ///
  /// Errors:
  /// - the file cannot be read;
  /// - a name is not defined, or has two values and is not a list;
  /// - a value is not valid, or a comment follows a secret.
  Result<> parse_config_file(const std::filesystem::path& path);

  /// Reads the environment variables that are named by the prefix and an option: with `APP_`, APP_MAX_SIZE is
  /// that of `max-size`. Tornado has nothing like it. An empty variable counts as not set. So does a service
  /// link of Kubernetes or Docker, such as `APP_PORT=tcp://10.0.0.1:80`.
  ///
  /// Errors: a value is not valid.
  Result<> parse_environment(const std::string& prefix);

  /// Returns the environment variables that begin with the prefix, in any case, and belong to no option. They
  /// are probably misspelled, and deserve a warning. Service links are not included. The names are sorted.
  [[nodiscard]] std::vector<std::string> unknown_variables(const std::string& prefix) const;

  /// Returns the variables of options that parse_environment() ignores as service links, sorted.
  [[nodiscard]] std::vector<std::string> service_links(const std::string& prefix) const;

  /// Returns the output of --help (Tornado: print_help). It lists the options by groups, in the order of
  /// their definition.
  [[nodiscard]] std::string help() const;

 private:
  enum class Source { fallback, file, environment, command_line };  // a later one takes precedence
  using Read = std::function<Result<>(std::string_view text)>;

  /// An option in the form of its source.
  struct Text {
    std::string name;
    std::string value;       // text in the source
    std::string where;       // prefix of an error: "line 3: "; empty: the source is enough
    bool commented = false;  // a comment follows it
  };
  using Texts = std::vector<Text>;

  struct Definition {
    std::string name;
    std::string help;
    std::string metavar;
    std::string group;
    std::string fallback;  // text in --help
    bool is_flag;
    bool is_list;
    bool is_secret;
    Read read;
    Source source = Source::fallback;  // source of its value
  };

  struct Section {
    std::string name;
    ReadKey read;
  };

  void add(Definition definition);
  [[nodiscard]] const Section* section_of(const std::string& key) const;
  Definition* find(std::string_view name);
  Result<> read(Source source, const Texts& texts);
  [[nodiscard]] std::string unrecognised(const std::string& name) const;

  std::string about_;
  std::string version_;
  std::string program_;                 // name in the command line
  std::deque<Definition> definitions_;  // a deque, as a callback may add options
  std::vector<Section> sections_;
};

}  // namespace coroom
