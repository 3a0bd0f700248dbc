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

/// What define() gives: `*port` is the option's value, the default until another one is read. A copy refers
/// to the same value, and may outlive the OptionParser. Threads that read it are started after the parsing.
template <class T>
class Option {
 public:
  /// The value as it is now.
  ///@{
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }
  ///@}

 private:
  friend class OptionParser;
  explicit Option(std::shared_ptr<const T> value) : value_(std::move(value)) {}

  std::shared_ptr<const T> value_;
};

/// The rarer arguments of Tornado's define(), by name: `{.group = "Network"}`.
template <class T>
struct OptionDetails {
  std::string metavar = {};  ///< what --help calls the value; by its type if empty
  std::string group = {};    ///< the heading under which --help shows it
  bool secret = false;       ///< its value is shown in no error, and not changed but for line ends behind it
  /// Called with every value that is read, as a check or to act on it; its error is that of the parsing.
  std::function<Result<>(const T&)> callback = {};
};

/// What a command line holds beside options.
struct CommandLine {
  std::vector<std::string> arguments;  ///< what is no option, and everything behind `--`
  std::optional<std::string> notice;   ///< what --help or --version asks for: print it and exit
};

/// The options of a program: defined once, then read from the command line, the environment and files
/// (Tornado: the module tornado.options, and its OptionParser).
///
///     coroom::OptionParser options;
///     const auto port = options.define<std::uint16_t>("port", 8888, "run on the given port");
///     options.parse_command_line_or_exit(argc, argv);
///     if (const auto listens = application.listen(*port); !listens) …
///
/// The command line wins over the environment, and that over files, in whichever order they are parsed (in
/// Tornado the last one parsed wins); what is overruled already is not read. Where the command line names an
/// option twice, and of two files, the last wins; a list has all values of its source, and none of its
/// default. In names, dashes and underscores are the same. An error is one line that names the source, the
/// option and the value, and leaves the options that were read before it as they were read.
///
/// Values from all sources follow one rule. ASCII white space and line ends around a value are not part of
/// it. Refused are quotation marks around a value, invisible characters at its ends, control characters, and
/// what is not UTF-8.
///
/// One thread at a time; a callback may parse a file. Lives as long as its callbacks may be called.
class OptionParser {
 public:
  /// `about` stands at the top of --help, and `version` is what --version prints, if there is one.
  explicit OptionParser(std::string about = {}, std::string version = {});

  OptionParser(const OptionParser&) = delete;
  OptionParser& operator=(const OptionParser&) = delete;
  ~OptionParser();

  /// Adds an option (Tornado: define). A name that is taken, `help` and `version` among them, or that could
  /// not be written on a command line, throws std::logic_error.
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

  /// Reads the value of a key, as it stands in a file, or says what is wrong with either.
  using ReadKey = std::function<Result<>(const std::string& key, const std::string& value)>;

  /// Adds a part of config files whose keys are not known beforehand. `read` is given those of `[name]` and
  /// below, without the `name.` before them. Tornado has nothing like it.
  void define_section(std::string name, ReadKey read);

  /// Reads `--name=value` and `--name value`; of a bool, `--name` alone is true, and another value needs the
  /// `=`. Where --help or --version is asked for, no value is read (Tornado: parse_command_line).
  Result<CommandLine> parse_command_line(int argc, const char* const* argv);

  /// The same as a program mostly wants it: prints what --help or --version asks for and exits with status 0;
  /// prints an error, of which an argument that is no option is one here, and exits with status 2.
  void parse_command_line_or_exit(int argc, const char* const* argv);

  /// Reads `name = value` lines (Tornado: parse_config_file, whose file is Python). A `#` starts a comment at
  /// the start of a line or behind white space. A name that is not defined, or that a file gives two values,
  /// is an error.
  Result<> parse_config_file(const std::filesystem::path& path);

  /// Reads the variables whose names are the prefix and an option's name: with `APP_`, APP_MAX_SIZE is that
  /// of `max-size`. An empty variable counts as not set, and so does the link that Kubernetes or Docker makes
  /// to a service: `APP_PORT=tcp://10.0.0.1:80`. Tornado has nothing like it.
  Result<> parse_environment(const std::string& prefix);

  /// Returns the variables that have the prefix in any case and are of no option, in order: misspelled, more
  /// likely than not, and worth a warning. Links to services are not among them.
  [[nodiscard]] std::vector<std::string> unknown_variables(const std::string& prefix) const;

  /// Returns the variables of options that parse_environment() takes for links to services, in order.
  [[nodiscard]] std::vector<std::string> service_links(const std::string& prefix) const;

  /// What --help prints: the options by groups, in the order in which they were defined (Tornado:
  /// print_help).
  [[nodiscard]] std::string help() const;

 private:
  enum class Source { fallback, file, environment, command_line };  // a later one wins
  using Read = std::function<Result<>(std::string_view text)>;

  /// An option as a source gives it.
  struct Text {
    std::string name;
    std::string value;       // as it is written
    std::string where;       // before what is wrong with it: "line 3: "; empty: the source says it all
    bool commented = false;  // a comment stands behind it
  };
  using Texts = std::vector<Text>;

  struct Definition {
    std::string name;
    std::string help;
    std::string metavar;
    std::string group;
    std::string fallback;  // as --help shows it
    bool is_flag;
    bool is_list;
    bool is_secret;
    Read read;
    Source source = Source::fallback;  // of its value
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
  std::string program_;                 // as the command line calls it
  std::deque<Definition> definitions_;  // a callback may add to it
  std::vector<Section> sections_;
};

}  // namespace coroom
