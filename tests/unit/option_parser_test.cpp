#include "support/temporary.hpp"

#include <coroom/option_parser.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <stdexcept>

namespace coroom {
namespace {
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::ConfigFile;
using test::Variable;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

Result<CommandLine> parse(OptionParser& options, std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "/usr/bin/program");
  return options.parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

template <class Parsed>
std::string error_of(const Parsed& parsed) {
  return parsed ? "no error" : parsed.error().message;
}

/// Parses the text as an option of type T.
template <class T>
Result<T> read(const std::string& text) {
  OptionParser options;
  const auto value = options.define<T>("value", T(), "for the test");
  const auto parsed = parse(options, {("--value=" + text).c_str()});
  if (!parsed) return tl::unexpected(parsed.error());
  return *value;
}

TEST(OptionParser, UsesDefaultsUntilAValueIsGiven) {
  OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8888, "run on the given port");
  EXPECT_EQ(*port, 8888);
  ASSERT_TRUE(parse(options, {}));
  EXPECT_EQ(*port, 8888);
  ASSERT_TRUE(parse(options, {"--port=80"}));
  EXPECT_EQ(*port, 80);
  ASSERT_TRUE(parse(options, {"--port", "81"}));
  EXPECT_EQ(*port, 81);
  ASSERT_TRUE(parse(options, {"--port=82", "--port=83"}));
  EXPECT_EQ(*port, 83) << "the last one wins";
}

TEST(OptionParser, KeepsValuesAfterDestruction) {
  auto options = std::make_unique<OptionParser>();
  const auto name = options->define<std::string>("name", "", "a name");
  ASSERT_TRUE(parse(*options, {"--name=tea"}));
  options.reset();
  EXPECT_EQ(*name, "tea");
  EXPECT_EQ(name->size(), 3);
}

TEST(OptionParser, NamesUnknownOptions) {
  OptionParser options;
  options.define<std::uint16_t>("port", 8888, "run on the given port");
  EXPECT_EQ(error_of(parse(options, {"--prot=1"})), "unrecognised option '--prot'");
  EXPECT_EQ(error_of(parse(options, {"-x"})), "unrecognised option '-x'");
  // Placeholders of Boost.Program_options. Replacing one by text that contains it would never end.
  EXPECT_EQ(error_of(parse(options, {"--a%canonical_option%"})),
            "unrecognised option '--a%canonical_option%'");
  EXPECT_EQ(error_of(parse(options, {"-%original_token%"})), "unrecognised option '-%original_token%'");
  const ConfigFile file("%invalid_line%");
  EXPECT_THAT(error_of(options.parse_config_file(file.path())), HasSubstr("'%invalid_line%'"));
}

TEST(OptionParser, ChecksTheRangeOfIntegers) {
  EXPECT_EQ(read<std::uint16_t>("65535"), 65535);
  EXPECT_EQ(read<int>("-5"), -5);
  EXPECT_EQ(read<std::uint64_t>("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(error_of(read<std::uint16_t>("65536")), "--value: '65536' is not a whole number from 0 to 65535");
  EXPECT_EQ(error_of(read<std::int8_t>("128")), "--value: '128' is not a whole number from -128 to 127");
  for (const char* wrong : {"-1", "+1", "", "x", "1x", "1 000", "1.5", "0x10", "99999999999999999999"}) {
    EXPECT_THAT(error_of(read<unsigned>(wrong)), AllOf(HasSubstr("--value"), HasSubstr(wrong)));
  }
}

TEST(OptionParser, ParsesFractions) {
  EXPECT_EQ(read<double>("2.5"), 2.5);
  EXPECT_EQ(read<double>("-1e3"), -1000);
  EXPECT_EQ(read<float>("1"), 1);
  for (const char* wrong : {"", "x", "1,5", "inf", "nan", "1e999"})
    EXPECT_FALSE(read<double>(wrong)) << wrong;
}

TEST(OptionParser, ParsesBooleans) {
  for (const bool fallback : {false, true}) {
    OptionParser options;
    const auto debug = options.define<bool>("debug", fallback, "log more");
    EXPECT_EQ(*debug, fallback);
    ASSERT_TRUE(parse(options, {"--debug"}));
    EXPECT_TRUE(*debug);
    ASSERT_TRUE(parse(options, {"--debug=False"}));
    EXPECT_FALSE(*debug);
  }
  for (const char* yes : {"true", "1", "yes", "on", "T"}) EXPECT_EQ(read<bool>(yes), true) << yes;
  for (const char* no : {"false", "0", "no", "OFF", "f"}) EXPECT_EQ(read<bool>(no), false) << no;
  EXPECT_EQ(error_of(read<bool>("maybe")), "--value: 'maybe' is not true or false");
  EXPECT_FALSE(read<bool>(""));
}

TEST(OptionParser, IgnoresASeparateArgumentOfABoolean) {
  OptionParser options;
  const auto debug = options.define<bool>("debug", false, "log more");
  const auto line = parse(options, {"--debug", "false"});
  ASSERT_TRUE(line);
  EXPECT_TRUE(*debug);
  EXPECT_THAT(line->arguments, ElementsAre("false"));
}

TEST(OptionParser, ParsesDurationsWithUnits) {
  EXPECT_EQ(read<milliseconds>("500ms"), 500ms);
  EXPECT_EQ(read<milliseconds>("10s"), 10s);
  EXPECT_EQ(read<milliseconds>("2m"), 2min);
  EXPECT_EQ(read<milliseconds>("1h"), 1h);
  EXPECT_EQ(read<milliseconds>("1h30m"), 90min);
  EXPECT_EQ(read<milliseconds>("1.5s"), 1500ms);
  EXPECT_EQ(read<seconds>("25"), 25s);
  EXPECT_EQ(read<seconds>("0"), 0s);
  EXPECT_EQ(read<std::chrono::duration<double>>("250ms"), 250ms);
  for (const char* wrong : {"", "soon", "-5s", "5 s", "s", "1y", "5s,", "300y", "99999999999h", "1h30mx",
                            "1h30", "900000h", "10S", "1e3s"}) {
    EXPECT_THAT(error_of(read<milliseconds>(wrong)), AllOf(HasSubstr("--value"), HasSubstr(wrong)));
  }
  EXPECT_EQ(error_of(read<seconds>("500ms")), "--value: '500ms' is not a multiple of 1s");
}

TEST(OptionParser, RejectsShellSyntaxInPaths) {
  for (const char* wrong : {"~", "~/data", "~ann/data", "$HOME/data", "/srv/${NAME}", "\"/srv", "/srv'"})
    EXPECT_THAT(error_of(read<std::filesystem::path>(wrong)), AllOf(HasSubstr("--value"), HasSubstr(wrong)));
  EXPECT_EQ(read<std::filesystem::path>("./~data"), "./~data");
  EXPECT_EQ(read<std::filesystem::path>("/srv/a$b"), "/srv/a$b");
  EXPECT_EQ(read<std::string>("~"), "~") << "a string is not a path";
}

TEST(OptionParser, KeepsTextAndPathsUnchanged) {
  EXPECT_EQ(read<std::string>("a_b=c, d"), "a_b=c, d");
  EXPECT_EQ(read<std::string>(""), "");
  EXPECT_EQ(read<std::filesystem::path>("/srv/my files"), std::filesystem::path("/srv/my files"));
}

TEST(OptionParser, ParsesRepeatedAndCommaSeparatedLists) {
  OptionParser options;
  const auto hosts = options.define<std::vector<std::string>>("hosts", {"localhost"}, "where to look");
  const auto ports = options.define<std::vector<std::uint16_t>>("ports", {}, "on which ports");
  EXPECT_THAT(*hosts, ElementsAre("localhost"));
  ASSERT_TRUE(parse(options, {"--hosts=a, b ", "--ports", "1,2", "--hosts", "c"}));
  EXPECT_THAT(*hosts, ElementsAre("a", "b", "c")) << "they replace the default";
  EXPECT_THAT(*ports, ElementsAre(1, 2));
  ASSERT_TRUE(parse(options, {"--hosts="}));
  EXPECT_THAT(*hosts, IsEmpty());
  EXPECT_THAT(error_of(parse(options, {"--ports=1,two"})), AllOf(HasSubstr("--ports"), HasSubstr("'two'")));
}

TEST(OptionParser, AcceptsOptionalsWithoutADefault) {
  OptionParser options;
  const auto folder =
      options.define<std::optional<std::filesystem::path>>("folder", std::nullopt, "to serve");
  EXPECT_FALSE(*folder);
  ASSERT_TRUE(parse(options, {"--folder=/srv"}));
  EXPECT_EQ(*folder, "/srv");
}

TEST(OptionParser, TreatsDashesAndUnderscoresAlike) {
  OptionParser options;
  const auto size = options.define<int>("max_message_size", 0, "bytes");
  const auto loud = options.define<bool>("very-loud", false, "log all");
  ASSERT_TRUE(parse(options, {"--max-message_size=1", "--very_loud"}));
  EXPECT_EQ(*size, 1);
  EXPECT_TRUE(*loud);
  const ConfigFile file("max-message_size = 2\n");
  OptionParser others;
  const auto other = others.define<int>("max-message-size", 0, "bytes");
  ASSERT_TRUE(others.parse_config_file(file.path()));
  EXPECT_EQ(*other, 2);
}

TEST(OptionParser, ReturnsPositionalArguments) {
  OptionParser options;
  options.define<int>("port", 0, "a port");
  const auto line = parse(options, {"in_file", "--port=1", "-", "--", "--port=2", "a_b"});
  ASSERT_TRUE(line);
  EXPECT_THAT(line->arguments, ElementsAre("in_file", "-", "--port=2", "a_b"));
  EXPECT_FALSE(line->notice);
}

TEST(OptionParser, NamesErrorsOnTheCommandLine) {
  OptionParser options;
  options.define<int>("port", 0, "a port");
  EXPECT_THAT(error_of(parse(options, {"--prot=1"})), HasSubstr("--prot"));
  EXPECT_THAT(error_of(parse(options, {"--por=1"})), HasSubstr("--por")) << "names are not completed";
  EXPECT_THAT(error_of(parse(options, {"--port"})), HasSubstr("--port"));
  EXPECT_THAT(error_of(parse(options, {"-port=1"})), HasSubstr("-port"));
  EXPECT_THAT(error_of(parse(options, {"--=1"})), HasSubstr("--=1"));
  EXPECT_THAT(error_of(parse(options, {"--help=1"})), HasSubstr("--help"));
  EXPECT_THAT(error_of(parse(options, {"--version"})), HasSubstr("--version"))
      << "the program has no version";
  EXPECT_EQ(error_of(parse(options, {"--port=x"})).find("--port: 'x' is not a whole number"), 0);
}

TEST(OptionParser, ReturnsHelpAndVersionWithoutParsing) {
  OptionParser options("Serves tea.", "tea 1.2");
  const auto port = options.define<int>("port", 8888, "a port");
  const auto help = parse(options, {"--port=x", "--help"});
  ASSERT_TRUE(help);
  EXPECT_EQ(help->notice, options.help());
  EXPECT_THAT(*help->notice, StartsWith("Usage: program [OPTIONS]\n\nServes tea.\n\n"));
  const auto version = parse(options, {"--port=1", "--version"});
  ASSERT_TRUE(version);
  EXPECT_EQ(version->notice, "tea 1.2\n");
  EXPECT_EQ(*port, 8888);
}

TEST(OptionParser, GroupsOptionsAndDefaultsInHelp) {
  OptionParser options;
  options.define<std::uint16_t>("port", 8888, "run on the given port", {.group = "Network"});
  options.define<milliseconds>("drain_timeout", 90s, "for a graceful shutdown", {.group = "Network"});
  options.define<bool>("debug", false, "log more");
  options.define<bool>("colour", true, "in colour");
  options.define<std::vector<int>>("sizes", {1, 2}, "to try");
  options.define<double>("ratio", 0.5, "of this to that");
  options.define<std::string>("name", "", "of the room", {.metavar = "ROOM"});
  const std::string help = options.help();
  for (const char* shown : {"--port NUMBER (=8888)", "--drain-timeout TIME (=90s)", "--debug  ",
                            "--colour [=BOOL] (=true)", "--sizes NUMBER,... (=1,2)", "--ratio NUMBER (=0.5)",
                            "--name ROOM  ", "run on the given port", "--help"}) {
    EXPECT_THAT(help, HasSubstr(shown));
  }
  EXPECT_LT(help.find("Options:"), help.find("--name"));
  EXPECT_LT(help.find("--name"), help.find("Network:"));
  EXPECT_LT(help.find("Network:"), help.find("--port"));
}

TEST(OptionParser, CallsBackForEveryParsedValue) {
  OptionParser options;
  std::vector<int> seen;
  options.define<int>("level", 3, "of detail", {.callback = [&seen](int level) -> Result<> {
                        seen.push_back(level);
                        return {};
                      }});
  ASSERT_TRUE(parse(options, {}));
  EXPECT_THAT(seen, IsEmpty()) << "the default is not parsed";
  ASSERT_TRUE(parse(options, {"--level=4"}));
  EXPECT_FALSE(parse(options, {"--level=x"}));
  EXPECT_THAT(seen, ElementsAre(4));
}

TEST(OptionParser, LetsACallbackRejectAValue) {
  OptionParser options;
  options.define<int>("threads", 1, "to run", {.callback = [](int threads) -> Result<> {
                        if (threads < 1) return failure("at least 1 is needed");
                        return {};
                      }});
  EXPECT_TRUE(parse(options, {"--threads=1"}));
  EXPECT_EQ(error_of(parse(options, {"--threads=0"})), "--threads: at least 1 is needed");
}

TEST(OptionParser, LetsACallbackReadAConfigFile) {
  const ConfigFile file("port = 1\nname = from the file\n");
  OptionParser options;
  options.define<std::string>("config", "", "a file", {.callback = [&options](const std::string& path) {
                                return options.parse_config_file(path);
                              }});
  const auto port = options.define<int>("port", 0, "a port");
  const auto name = options.define<std::string>("name", "", "a name");
  ASSERT_TRUE(parse(options, {"--config", file.path(), "--port=2"}));
  EXPECT_EQ(*port, 2);
  EXPECT_EQ(*name, "from the file");
  EXPECT_THAT(error_of(parse(options, {"--config=/nowhere"})),
              AllOf(HasSubstr("--config"), HasSubstr("/nowhere")));
}

TEST(OptionParser, ParsesAConfigFileWithComments) {
  const ConfigFile file(
      "# a comment\n\nport = 80  # another\r\nname=two words \nhosts = a,b\nhosts = c\ndebug = True\n");
  OptionParser options;
  const auto port = options.define<int>("port", 0, "a port");
  const auto name = options.define<std::string>("name", "", "a name");
  const auto hosts = options.define<std::vector<std::string>>("hosts", {}, "some hosts");
  const auto debug = options.define<bool>("debug", false, "log more");
  const auto parsed = options.parse_config_file(file.path());
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*port, 80);
  EXPECT_EQ(*name, "two words");
  EXPECT_THAT(*hosts, ElementsAre("a", "b", "c"));
  EXPECT_TRUE(*debug);
}

TEST(OptionParser, NamesTheFileOfAnError) {
  OptionParser options;
  options.define<int>("port", 0, "a port");
  for (const auto& [text, named] :
       std::vector<std::pair<std::string, std::string>>{{"speed = 9\n", "'speed'"},
                                                        {"port = x\n", "--port: 'x'"},
                                                        {"port\n", "port"},
                                                        {"help = 1\n", "'help'"}}) {
    const ConfigFile file(text);
    EXPECT_THAT(error_of(options.parse_config_file(file.path())),
                AllOf(HasSubstr(file.path()), HasSubstr(named)));
  }
  for (const char* path : {"/nowhere.conf", "/"}) {
    EXPECT_EQ(error_of(options.parse_config_file(path)),
              std::string("in ") + path + ": the file cannot be read");
  }
}

TEST(OptionParser, AcceptsAnEmptyFile) {
  const ConfigFile file("");
  OptionParser options;
  EXPECT_TRUE(options.parse_config_file(file.path()));
}

TEST(OptionParser, RanksCommandLineEnvironmentAndFile) {
  const ConfigFile file("a = 1\nb = 1\nc = 1\n");
  const Variable a("OPTIONS_TEST_A", "2");
  const Variable b("OPTIONS_TEST_B", "2");
  for (const bool file_first : {true, false}) {
    OptionParser options;
    std::vector<Option<int>> values;
    for (const char* name : {"a", "b", "c"}) values.push_back(options.define<int>(name, 0, "a number"));
    if (file_first) {
      EXPECT_TRUE(options.parse_config_file(file.path()));
    }
    EXPECT_TRUE(parse(options, {"--a=3"}));
    EXPECT_TRUE(options.parse_environment("OPTIONS_TEST_"));
    if (!file_first) {
      EXPECT_TRUE(options.parse_config_file(file.path()));
    }
    EXPECT_EQ(*values[0], 3);
    EXPECT_EQ(*values[1], 2);
    EXPECT_EQ(*values[2], 1);
  }
}

TEST(OptionParser, TrimsAndChecksValuesOfAllSources) {
  for (const char* written : {"  tea ", "tea\r\n", "\ttea\n"}) {
    const Variable variable("OPTIONS_TEST_NAME", written);
    const ConfigFile file(std::string("name = ") + written);
    for (const int source : {0, 1, 2}) {
      OptionParser options;
      const auto name = options.define<std::string>("name", "", "a name");
      if (source == 0) {
        EXPECT_TRUE(parse(options, {"--name", written}));
      } else {
        EXPECT_TRUE(source == 1 ? options.parse_environment("OPTIONS_TEST_")
                                : options.parse_config_file(file.path()));
      }
      EXPECT_EQ(*name, "tea");
    }
  }
  for (const char* written :
       {"\"tea\"", "'tea'", "\u201ctea\u201d", "\u00a0tea", "tea\u200b", "a\tb", "a\x7f", "\xff", "\u0085"}) {
    const Variable variable("OPTIONS_TEST_NAME", written);
    const ConfigFile file(std::string("name = ") + written);
    OptionParser options;
    options.define<std::string>("name", "", "a name");
    for (const std::string& error :
         {error_of(parse(options, {"--name", written})), error_of(options.parse_environment("OPTIONS_TEST_")),
          error_of(options.parse_config_file(file.path()))})
      EXPECT_THAT(error, HasSubstr("--name: '")) << written;
  }
}

TEST(OptionParser, ChecksEveryValueOfAList) {
  EXPECT_THAT(error_of(read<std::vector<std::string>>("a, 'b'")), HasSubstr("''b''"));
  EXPECT_THAT(error_of(read<std::vector<std::string>>("a,\u00a0b")), HasSubstr("U+00A0"));
}

TEST(OptionParser, HidesSecretsInErrors) {
  const auto error_for = [](const std::string& written) {
    const Variable variable("OPTIONS_TEST_KEY", written.c_str());
    OptionParser options;
    const auto key = options.define<std::string>("key", "", "a secret", {.secret = true});
    const auto parsed = options.parse_environment("OPTIONS_TEST_");
    return parsed ? "no error: " + *key : parsed.error().message;
  };
  EXPECT_EQ(error_for("open sesame\r\n"), "no error: open sesame");
  for (const char* wrong : {"sesame ", " sesame", "\nsesame", "\"sesame\"", "ses\name", "sesame\u00a0"})
    EXPECT_THAT(error_for(wrong), AllOf(HasSubstr("--key: the secret "), testing::Not(HasSubstr("ses"))));
  for (const char* text : {"key = sesame # or more", "key sesame", "key: sesame", "keys = sesame",
                           "key = sesame\nkey = sesame"}) {
    const ConfigFile file(text);
    OptionParser options;
    options.define<std::string>("key", "", "a secret", {.secret = true});
    EXPECT_THAT(error_of(options.parse_config_file(file.path())),
                AllOf(HasSubstr("key"), HasSubstr("line "), testing::Not(HasSubstr("sesame"))));
  }
}

TEST(OptionParser, IgnoresEmptyVariables) {
  for (const char* written : {"", " ", "\r\n"}) {
    const Variable variable("OPTIONS_TEST_SIZE", written);
    const ConfigFile file("size = 2\n");
    OptionParser options;
    const auto size = options.define<int>("size", 1, "bytes");
    ASSERT_TRUE(options.parse_environment("OPTIONS_TEST_"));
    EXPECT_EQ(*size, 1);
    ASSERT_TRUE(options.parse_config_file(file.path()));
    EXPECT_EQ(*size, 2) << "the value of the file applies";
  }
}

TEST(OptionParser, IgnoresServiceLinks) {
  const Variable port("OPTIONS_TEST_PORT", "tcp://10.96.0.12:8000");
  const Variable host("OPTIONS_TEST_SERVICE_HOST", "10.96.0.12");
  const Variable named("OPTIONS_TEST_SERVICE_PORT_HTTP", "8000");
  const Variable protocol("OPTIONS_TEST_PORT_8000_TCP_PROTO", "tcp");
  const Variable other("OPTIONS_TEST_WEB_PORT", "udp://10.96.0.13:53");
  const Variable address("OPTIONS_TEST_ADDRESS", "tcp://10.96.0.12:8000");
  OptionParser options;
  const auto number = options.define<std::uint16_t>("port", 80, "a port");
  EXPECT_TRUE(options.parse_environment("OPTIONS_TEST_"));
  EXPECT_EQ(*number, 80);
  EXPECT_THAT(options.service_links("OPTIONS_TEST_"), ElementsAre("OPTIONS_TEST_PORT"));
  EXPECT_THAT(options.unknown_variables("OPTIONS_TEST_"), ElementsAre("OPTIONS_TEST_ADDRESS"));
  EXPECT_FALSE(parse(options, {"--port=tcp://10.96.0.12:8000"})) << "no platform sets the command line";
}

TEST(OptionParser, AcceptsAByteOrderMark) {
  const ConfigFile file("\xef\xbb\xbfport = 80\r\nname = a#b\r\n");
  OptionParser options;
  const auto port = options.define<int>("port", 0, "a port");
  const auto name = options.define<std::string>("name", "", "a name");
  const auto parsed = options.parse_config_file(file.path());
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*port, 80);
  EXPECT_EQ(*name, "a#b") << "a comment starts after white space";
  const ConfigFile wide(std::string_view("\xff\xfep\0", 4));
  EXPECT_THAT(error_of(options.parse_config_file(wide.path())), HasSubstr("UTF-16"));
  const ConfigFile old("port = 1\rname = x\r");
  EXPECT_THAT(error_of(options.parse_config_file(old.path())), HasSubstr("--port: '1\\u{D}name"));
}

TEST(OptionParser, RejectsDuplicatesInAFile) {
  const ConfigFile file("max-size = 1\n\nmax_size = 2\n");
  OptionParser options;
  options.define<int>("max-size", 0, "bytes");
  EXPECT_THAT(error_of(options.parse_config_file(file.path())),
              AllOf(HasSubstr("line 3: 'max_size'"), HasSubstr("line 1")));
}

TEST(OptionParser, SuggestsNamesInTheRightCase) {
  const ConfigFile file("Max_Size = 1\n");
  const Variable variable("options_test_max_size", "1");
  OptionParser options;
  options.define<int>("max-size", 0, "bytes");
  EXPECT_THAT(error_of(options.parse_config_file(file.path())), HasSubstr("did you mean 'max-size'?"));
  EXPECT_THAT(error_of(parse(options, {"--Max-size=1"})), HasSubstr("did you mean 'max-size'?"));
  EXPECT_THAT(options.unknown_variables("OPTIONS_TEST_"), ElementsAre("options_test_max_size"));
}

TEST(OptionParser, NamesErrorsInTheEnvironment) {
  const Variable variable("OPTIONS_TEST_MAX_SIZE", "x");
  OptionParser options;
  options.define<int>("max-size", 0, "bytes");
  EXPECT_THAT(error_of(options.parse_environment("OPTIONS_TEST_")),
              AllOf(StartsWith("in the environment: --max-size: 'x'")));
  EXPECT_TRUE(parse(options, {"--max-size=1"}));
  EXPECT_TRUE(options.parse_environment("OPTIONS_TEST_"));
}

TEST(OptionParser, ListsUnknownVariables) {
  const Variable known("OPTIONS_TEST_MAX_SIZE", "1");
  const Variable second("OPTIONS_TEST_MIN_SIZE", "1");
  const Variable first("OPTIONS_TEST_MAXSIZE", "1");
  OptionParser options;
  options.define<int>("max-size", 0, "bytes");
  EXPECT_THAT(options.unknown_variables("OPTIONS_TEST_"),
              ElementsAre("OPTIONS_TEST_MAXSIZE", "OPTIONS_TEST_MIN_SIZE"));
}

TEST(OptionParser, ThrowsOnDuplicateDefinitions) {
  OptionParser options;
  options.define<int>("max-size", 0, "bytes");
  EXPECT_THROW(options.define<bool>("max_size", false, "whether"), std::logic_error);
  for (const char* name : {"help", "version", "", "-x", "a b", "a=b", "a,b"}) {
    EXPECT_THROW(options.define<int>(name, 0, "a number"), std::logic_error) << name;
  }
}

TEST(OptionParserDeathTest, PrintsAndExits) {
  OptionParser options("", "tea 1.2");
  options.define<int>("port", 0, "a port");
  const auto exit_of = [&options](const char* argument) {
    const char* const arguments[] = {"/usr/bin/program", argument};
    options.parse_command_line_or_exit(2, arguments);
  };
  EXPECT_EXIT(exit_of("--help"), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(exit_of("--version"), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(exit_of("--port=x"), testing::ExitedWithCode(2),
              "^program: --port: 'x' is not .* \\(see --help\\)\n$");
  EXPECT_EXIT(exit_of("stray"), testing::ExitedWithCode(2), "unexpected argument 'stray'");
  exit_of("--port=1");
}

/// A type that the program defines.
enum class Colour { red, green };

}  // namespace

template <>
struct OptionType<Colour> {
  static std::string metavar() { return "COLOUR"; }
  static std::string format(Colour value) { return value == Colour::red ? "red" : "green"; }
  static Result<Colour> parse(std::string_view text) {
    if (text == "red") return Colour::red;
    if (text == "green") return Colour::green;
    return failure("'" + std::string(text) + "' is no colour");
  }
};

namespace {

TEST(OptionParser, SupportsTypesOfTheProgram) {
  OptionParser options;
  const auto colours = options.define<std::vector<Colour>>("colours", {Colour::red}, "to paint with");
  ASSERT_TRUE(parse(options, {"--colours=green,red"}));
  EXPECT_THAT(*colours, ElementsAre(Colour::green, Colour::red));
  EXPECT_EQ(error_of(parse(options, {"--colours=blue"})), "--colours: 'blue' is no colour");
  EXPECT_THAT(options.help(), HasSubstr("--colours COLOUR,... (=red)"));
}

}  // namespace
}  // namespace coroom
