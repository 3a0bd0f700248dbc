// The configuration of the server. The input: a config file, an empty line, and an argument per line.
#include "core/utf8.hpp"
#include "fuzz/require.hpp"
#include "fuzz/text.hpp"
#include "fuzz/try_input.hpp"
#include "server/server_config.hpp"
#include "server/units.hpp"
#include "support/temporary.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace coroom::fuzz {
namespace {

void check(const server::ServerConfig& options) {
  require(options.application.threads > 0, "there is a thread");
  require(options.application.limits.max_message_size > 0 && options.application.limits.queue_limit > 0,
          "the limits allow some bytes");
  require(options.compressed.level >= 1 && options.compressed.level <= 9, "the level is zlib's");
  require(options.application.timeouts.handshake_timeout.count() > 0 &&
              options.application.timeouts.tls_timeout.count() > 0,
          "there is time");
  require(options.application.timeouts.ping_interval.count() >= 0 &&
              options.application.timeouts.drain_timeout.count() >= 0,
          "no time is negative");
  require(options.centrifuge.personal_namespace.empty() ||
              options.namespaces.named.contains(options.centrifuge.personal_namespace),
          "the namespace of personal rooms exists");
  for (const char* room : {"lobby", "chat:lobby", "x:42", "typing:chat:lobby"}) {
    const auto checked = options.namespaces.check(room);
    require(checked || detail::is_printable_utf8(checked.error().message),
            "an error has a printable message");
  }
}

/// Returns whether the input avoids the files of this machine, which options may name.
bool is_harmless(std::string_view text) {
  for (const char* path : {"/dev", "/proc", "/sys", "/tmp"}) {
    if (text.find(path) != std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

int try_input(const std::uint8_t* data, std::size_t size) {
  static const test::TemporaryFolder folder;
  std::string_view text = text_of(data, size);
  if (!is_harmless(text) || text.find('\0') != std::string_view::npos) return -1;
  const std::size_t end = std::min(text.find("\n\n"), text.size());
  folder.write("coroom.conf", text.substr(0, end));
  text.remove_prefix(std::min(end + 2, text.size()));

  std::vector<std::string> lines = {"coroom", "--config", folder.path() / "coroom.conf"};
  while (!text.empty()) lines.emplace_back(take_until(text, '\n'));
  std::vector<const char*> arguments;
  arguments.reserve(lines.size());
  for (const std::string& line : lines) arguments.push_back(line.c_str());
  const auto command = server::parse_server_config(arguments);
  if (!command) {
    const std::string& error = command.error().message;
    require(!error.empty(), "an error has a message");
    require(detail::is_printable_utf8(error), "an error is one printable line");
  } else if (const auto* options = std::get_if<server::ServerConfig>(&*command)) {
    check(*options);
  }
  return 0;
}

}  // namespace coroom::fuzz
