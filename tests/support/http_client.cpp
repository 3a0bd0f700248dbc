#include "support/http_client.hpp"

#include "testkit/request_builder.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <stdexcept>

namespace coroom::test {

std::optional<std::string> RawResponse::field(std::string_view name) const {
  const auto found = boost::algorithm::ifind_first(head, "\r\n" + std::string(name) + ": ");
  if (found.empty()) return std::nullopt;
  const auto begin = static_cast<std::size_t>(found.end() - head.begin());
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

RawResponse read_response(TcpClient& client, bool bodyless) {
  RawResponse answer;
  answer.head = client.read_until("\r\n\r\n");
  if (!answer.head.starts_with("HTTP/1.1 ")) throw std::runtime_error("not an HTTP answer: " + answer.head);
  answer.status = std::stoi(answer.head.substr(9));
  const auto length = answer.field("Content-Length");
  if (length && !bodyless) answer.body = client.read_exactly(std::stoul(*length));
  return answer;
}

RawResponse ask(std::uint16_t port, std::string_view request) {
  TcpClient client(port);
  client.send(request);
  return read_response(client);
}

RawResponse get(std::uint16_t port, std::string_view target, std::string_view fields) {
  return ask(port, testkit::RequestBuilder("GET", target, port).fields(fields));
}

}  // namespace coroom::test
