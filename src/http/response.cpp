#include "http/response.hpp"

#include <array>
#include <ctime>
#include <type_traits>

namespace coroom::detail::http {

std::string_view Response::bytes() const {
  return std::visit(
      [](const auto& held) -> std::string_view {
        using ResponseBody = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<ResponseBody, SharedBytes>) {
          return held ? std::string_view(*held) : std::string_view();
        } else if constexpr (std::is_same_v<ResponseBody, FilePart>) {
          return {};
        } else {
          return held;
        }
      },
      body);
}

std::uint64_t Response::size() const {
  const auto* part = std::get_if<FilePart>(&body);
  return part != nullptr ? part->range.size : bytes().size();
}

std::string date_now() {
  return http_date(std::time(nullptr));
}

std::string http_date(std::time_t time) {
  std::tm utc{};
  gmtime_r(&time, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc)};
}

Response text_response(unsigned status, std::string_view text) {
  Response response(status);
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  response.body = std::string(text) + "\n";
  response.cause = text;
  return response;
}

}  // namespace coroom::detail::http
