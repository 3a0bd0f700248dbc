#include "http/message.hpp"

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

Response text_response(unsigned status, std::string_view text) {
  Response response(status);
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  response.body = std::string(text) + "\n";
  return response;
}

}  // namespace coroom::http
