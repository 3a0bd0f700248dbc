#include "http/message.hpp"

#include <array>
#include <ctime>
#include <type_traits>

namespace coroom::http {

std::string_view Response::bytes() const {
  return std::visit(
      [](const auto& held) -> std::string_view {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, SharedBytes>) {
          return held ? std::string_view(*held) : std::string_view();
        } else {
          return held;
        }
      },
      body);
}

std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

Response text_response(unsigned status, std::string_view text) {
  Response response(status);
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  response.body = std::string(text) + "\n";
  return response;
}

}  // namespace coroom::http
