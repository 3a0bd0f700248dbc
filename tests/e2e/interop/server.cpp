// What other clients talk to: /close (with the code and reason of a message) and /echo (with compression; it
// takes the last subprotocol that is offered).

#include <coroom/application.hpp>

#include <charconv>
#include <iostream>

namespace {

class EchoHandler final : public coroom::WebSocketHandler {
  [[nodiscard]] std::optional<coroom::CompressionOptions> get_compression_options() const override {
    return coroom::CompressionOptions();
  }
  std::optional<std::string> select_subprotocol(const std::vector<std::string>& offered) override {
    return offered.back();
  }
  coroom::task<> on_message(coroom::Message message) override { co_await write_message(message); }
};

class CloseHandler final : public coroom::WebSocketHandler {
  coroom::task<> on_message(coroom::Message message) override {
    std::uint16_t code = 0;
    std::from_chars(message.data.data(), message.data.data() + message.data.size(), code);
    close(code, message.data.substr(message.data.find(' ') + 1));
    co_return;
  }
};

}  // namespace

int main() {
  coroom::Application application(
      {coroom::route<EchoHandler>("/echo"), coroom::route<CloseHandler>("/close")},
      {.limits = {.max_message_size = 2 << 20}});
  if (auto listening = application.listen(0); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run(
      [&] { std::cout << "http://localhost:" << application.endpoint().port() << "/" << std::endl; });
}
