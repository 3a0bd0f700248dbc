#include "load/echo.hpp"
#include "load/fanout.hpp"
#include "load/measure.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/program_options.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <sys/resource.h>

namespace coroom::bench {
namespace {

namespace po = boost::program_options;

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

/// What the command line says; a mode leaves what it has no use for.
struct Flags {
  std::string mode;
  std::string url;
  pid_t server = 0;
  std::size_t members = 0;
  std::size_t senders = 0;
  std::size_t connections = 0;
  std::size_t in_flight = 0;
  std::size_t bytes = 0;
  double seconds = 0;
  double warm_up = 0;
};

po::options_description describe(Flags& flags) {
  po::options_description common("coroom-load MODE [flags], in a closed loop");
  common.add_options()                                                      //
      ("help", "print this and exit")                                       //
      ("mode", po::value(&flags.mode)->required(), "fanout or echo")        //
      ("url", po::value(&flags.url)->required(), "ws://ADDRESS:PORT/PATH")  //
      ("pid", po::value(&flags.server)->required(), "of the server")        //
      ("in-flight", po::value(&flags.in_flight)->default_value(16),
       "messages on their way: fanout: in all; echo: a connection")                   //
      ("bytes", po::value(&flags.bytes)->default_value(64), "of a message")           //
      ("seconds", po::value(&flags.seconds)->default_value(5), "to measure")          //
      ("warmup", po::value(&flags.warm_up)->default_value(1), "seconds before that")  //
      ("json", "print one JSON object");
  po::options_description fanout("fanout: one room, a few of whose members talk");
  fanout.add_options()                                                                                      //
      ("receivers", po::value(&flags.members)->default_value(1000), "members; the senders are among them")  //
      ("senders", po::value(&flags.senders)->default_value(16), "members that talk");
  po::options_description echo("echo: each connection gets back what it says");
  echo.add_options()("connections", po::value(&flags.connections)->default_value(100), "that talk");
  common.add(fanout).add(echo);
  return common;
}

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(seconds * 1000));
}

void print(const Figures& figures, bool as_json) {
  const char* bottleneck = figures.server_load > figures.client_load ? "server" : "client";
  if (as_json) {
    std::cout << boost::json::serialize(
                     boost::json::object{{"messages_per_second", figures.messages_per_second},
                                         {"cpu_per_million", figures.cpu_per_million},
                                         {"server_load", figures.server_load},
                                         {"client_load", figures.client_load},
                                         {"peak_bytes", figures.peak_bytes},
                                         {"bottleneck", bottleneck}})
              << '\n';
    return;
  }
  std::cout << "messages a second                " << figures.messages_per_second << '\n'
            << "server CPU-s a million of them   " << figures.cpu_per_million << '\n'
            << "processors busy: server, client  " << figures.server_load << ", " << figures.client_load
            << " (" << bottleneck << " is the bottleneck)\n"
            << "server's peak memory, MiB        " << static_cast<double>(figures.peak_bytes) / 1048576
            << '\n';
}

/// One connection is one file descriptor.
void raise_file_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

Result<Figures> run_mode(const Flags& flags, const Target& target) {
  const Times times{milliseconds(flags.warm_up), milliseconds(flags.seconds)};
  if (flags.mode == "echo") {
    return run_echo({target, flags.connections, flags.in_flight, flags.bytes, times, flags.server});
  }
  return run_fanout(
      {target, flags.members, flags.senders, flags.in_flight, flags.bytes, times, flags.server});
}

Result<Target> check(const Flags& flags) {
  if (flags.mode != "fanout" && flags.mode != "echo") return failure("the modes are fanout and echo");
  if (flags.senders == 0 || flags.senders > flags.members || flags.connections == 0 || flags.in_flight == 0 ||
      flags.in_flight > 0xffff) {
    return failure("there must be 1 to --receivers senders, a connection, and 1 to 65535 messages in flight");
  }
  return parse_target(flags.url);
}

int run(int argc, const char* const* argv) {
  Flags flags;
  const auto known = describe(flags);
  po::positional_options_description positions;
  positions.add("mode", 1);
  po::variables_map values;
  po::store(po::command_line_parser(argc, argv).options(known).positional(positions).run(), values);
  if (values.count("help") != 0) {
    std::cout << known;
    return EXIT_SUCCESS;
  }
  po::notify(values);
  const auto target = check(flags);
  if (!target) {
    std::cerr << "coroom-load: " << target.error().message << '\n';
    return exit_usage;
  }

  raise_file_limit();
  const auto figures = run_mode(flags, *target);
  if (!figures) {
    std::cerr << "coroom-load: " << figures.error().message << '\n';
    return exit_failed;
  }
  print(*figures, values.count("json") != 0);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace coroom::bench

int main(int argc, char** argv) {
  try {
    return coroom::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "coroom-load: " << error.what() << " (see --help)\n";
    return coroom::bench::exit_usage;
  }
}
