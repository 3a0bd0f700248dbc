#include "load/fanout.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/program_options.hpp>

#include <csignal>
#include <iostream>
#include <string>
#include <sys/resource.h>

namespace coroom::bench {
namespace {

namespace po = boost::program_options;

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

po::options_description describe(FanoutSettings& settings, std::string& url, double& seconds,
                                 double& warm_up) {
  po::options_description flags("coroom-load fanout: N members, a few of whom talk, in a closed loop");
  flags.add_options()                                                    //
      ("help", "print this and exit")                                    //
      ("mode", po::value<std::string>()->required(), "fanout")           //
      ("url", po::value(&url)->required(), "ws://ADDRESS:PORT/PATH")     //
      ("pid", po::value(&settings.server)->required(), "of the server")  //
      ("receivers", po::value(&settings.members)->default_value(1000),
       "members; the senders are among them")                                                            //
      ("senders", po::value(&settings.senders)->default_value(16), "members that talk")                  //
      ("in-flight", po::value(&settings.in_flight)->default_value(16), "messages on their way, in all")  //
      ("bytes", po::value(&settings.bytes)->default_value(64), "of a message")                           //
      ("seconds", po::value(&seconds)->default_value(5), "to measure")                                   //
      ("warmup", po::value(&warm_up)->default_value(1), "seconds before that")                           //
      ("json", "print one JSON object");
  return flags;
}

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(seconds * 1000));
}

void print(const FanoutFigures& figures, bool as_json) {
  const char* bottleneck = figures.server_load > figures.client_load ? "server" : "client";
  if (as_json) {
    std::cout << boost::json::serialize(
                     boost::json::object{{"deliveries_per_second", figures.deliveries_per_second},
                                         {"cpu_per_million", figures.cpu_per_million},
                                         {"server_load", figures.server_load},
                                         {"client_load", figures.client_load},
                                         {"peak_bytes", figures.peak_bytes},
                                         {"bottleneck", bottleneck}})
              << '\n';
    return;
  }
  std::cout << "deliveries a second              " << figures.deliveries_per_second << '\n'
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

int run(int argc, const char* const* argv) {
  FanoutSettings settings;
  std::string url;
  double seconds = 0;
  double warm_up = 0;
  const auto flags = describe(settings, url, seconds, warm_up);
  po::positional_options_description positions;
  positions.add("mode", 1);
  po::variables_map values;
  po::store(po::command_line_parser(argc, argv).options(flags).positional(positions).run(), values);
  if (values.count("help") != 0) {
    std::cout << flags;
    return EXIT_SUCCESS;
  }
  po::notify(values);
  auto target = parse_target(url);
  if (values["mode"].as<std::string>() != "fanout") target = failure("the only mode is fanout");
  if (settings.senders == 0 || settings.senders > settings.members || settings.in_flight == 0 ||
      settings.in_flight > 0xffff) {
    target = failure("there must be 1 to --receivers senders, and 1 to 65535 messages in flight");
  }
  if (!target) {
    std::cerr << "coroom-load: " << target.error().message << '\n';
    return exit_usage;
  }
  settings.target = *target;
  settings.window = milliseconds(seconds);
  settings.warm_up = milliseconds(warm_up);

  raise_file_limit();
  const auto figures = run_fanout(settings);
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
