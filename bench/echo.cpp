// The echo of the benchmarks, the conformance tests and the tests with other clients:
// ws://localhost:8888/echo

#include <coroom/application.hpp>
#include <coroom/option_parser.hpp>

#include <filesystem>
#include <iostream>

class EchoHandler : public coroom::WebSocketHandler {
  [[nodiscard]] std::optional<coroom::CompressionOptions> get_compression_options() const override {
    return coroom::CompressionOptions();
  }

  coroom::task<> on_message(coroom::Message message) override { co_await write_message(message); }
};

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8888, "TCP port to listen on; 0 picks a free port");
  const auto threads = options.define<std::size_t>("threads", 0, "number of threads; 0: one per core");
  const auto backend = options.define<coroom::IoBackend>(
      "io-backend", coroom::IoBackend::automatic, "system interface for sends: auto, epoll or io_uring");
  const auto certificate =
      options.define<std::filesystem::path>("tls-cert", {}, "certificate in PEM, for TLS");
  const auto key = options.define<std::filesystem::path>("tls-key", {}, "private key of the certificate");
  options.parse_command_line_or_exit(argc, argv);

  coroom::Application application(
      {coroom::route<EchoHandler>("/echo")},
      {.threads = *threads,
       .io_backend = *backend,
       .tls = {.certificate = *certificate, .key = *key},
       .limits = {.max_message_size = 2 << 20, .rate_limit = {.messages = 0, .bytes = 0}}});
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run([&] {
    std::cout << (key->empty() ? "ws" : "wss") << "://localhost:" << application.endpoint().port() << "/echo"
              << std::endl;
  });
}
