#include "log/line_writer.hpp"
#include "server/announcement.hpp"
#include "server/server.hpp"
#include "server/server_config.hpp"
#include "server/service_manager.hpp"
#include "server/standard_streams.hpp"

#include <coroom/clock.hpp>
#include <coroom/log.hpp>
#include <coroom/version.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <unistd.h>

namespace coroom::server {
namespace {

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

constexpr std::chrono::milliseconds output_limit{500};  // for a terminal or pipe that accepts no data

/// Prints the server's URL to standard output. The output may have no reader, and a full pipe must not stop
/// the server.
void announce(const Application& server) {
  static detail::log::LineWriter& output =
      *new detail::log::LineWriter(STDOUT_FILENO, 64 * 1024);  // its thread may outlive main()
  const std::string open_here =
      address_to_open(server.endpoints(), !server.settings().tls.certificate.empty());
  output.write("coroom " COROOM_VERSION " is running: open " + open_here +
               (is_loopback(server.endpoints())
                    ? " (from this machine only; to serve others: --address 0.0.0.0 --anonymous on)\n"
                    : "\n"));
  output.flush(output_limit);
  logging::record("started", {{"version", COROOM_VERSION},
                              {"url", open_here},
                              {"port", server.endpoint().port()},
                              {"threads", server.settings().threads}});
  if (::geteuid() == 0) logging::warning("runs as root, which the server does not need");
  // Without a handler `systemctl reload` would end a server that has nothing to reload.
  if (is_supervised() && server.settings().tls.certificate.empty()) std::signal(SIGHUP, SIG_IGN);
  notify_ready();
}

void log_counts(const Counters& counters) {
  for (std::size_t index = 0; index != counter_names.size(); ++index) {
    const auto value = counters.get(static_cast<Counter>(index));
    if (value != 0) logging::record("counter", {{"name", counter_names[index]}, {"value", value}});
  }
}

int run(int argc, const char* const* argv) {
  auto command = parse_server_config({argv, static_cast<std::size_t>(argc)});
  if (!command) {
    std::cerr << "coroom: " << command.error().message << " (see --help)\n";
    return exit_usage;
  }
  if (const auto* notice = std::get_if<Notice>(&*command)) {
    std::cout << notice->text;
    return EXIT_SUCCESS;
  }
  const auto& options = std::get<ServerConfig>(*command);
  logging::configure(options.log_level, options.log_format);
  logging::limit_rate(options.log_rate);
  for (const std::string& name : options.unknown_variables)
    logging::warning("unknown setting", {{"variable", name}});
  for (const std::string& name : options.service_links)
    logging::warning("service link ignored: enableServiceLinks: false of the pod leaves it out",
                     {{"variable", name}});
  std::signal(SIGPIPE, SIG_IGN);  // a log's reader may exit even before the server starts
  std::signal(SIGXFSZ, SIG_IGN);  // a file over its size limit fails like a full disk

  const SystemClock clock;
  auto server = open_server(options, clock);
  if (!server) {
    std::cerr << "coroom: " << server.error().message << '\n';
    return exit_failed;
  }
  (*server)->run([&] { announce(**server); });
  log_counts((*server)->counters());
  logging::record("stopped");
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace coroom::server

int main(int argc, char** argv) {
  coroom::server::open_standard_streams();
  try {
    return coroom::server::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "coroom: " << error.what() << '\n';
    return coroom::server::exit_failed;
  }
}
