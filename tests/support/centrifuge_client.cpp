#include "support/centrifuge_client.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <sstream>
#include <stdexcept>
#include <utility>

namespace coroom::test {

namespace json = boost::json;

CentrifugeClient::CentrifugeClient(std::uint16_t port, std::string_view target, std::string_view fields,
                                   const TcpClient::TcpOptions& settings)
    : socket_(port, target, fields, settings) {}

std::uint32_t CentrifugeClient::send(std::string_view method, std::string_view request) {
  socket_.send_text(testkit::command(++last_id_, method, request));
  return last_id_;
}

json::object CentrifugeClient::call(std::string_view method, std::string_view request) {
  const std::uint32_t id = send(method, request);
  while (true) {
    json::object line = next_line();
    const auto* answers = line.if_contains("id");
    if (answers == nullptr || answers->as_int64() != id) {
      skipped_.push_back(std::move(line));
      continue;
    }
    if (line.contains("error")) return line;
    return line.at(method).as_object();
  }
}

json::object CentrifugeClient::read() {
  if (skipped_.empty()) return next_line();
  json::object line = std::move(skipped_.front());
  skipped_.pop_front();
  return line;
}

json::object CentrifugeClient::read_push() {
  json::object line = read();
  if (!line.contains("push")) throw std::runtime_error("no push: " + json::serialize(line));
  json::object& push = line.at("push").as_object();
  json::object told;
  for (const auto& [key, value] : push) {
    if (key == "channel") continue;
    told = value.as_object();
    told["type"] = key;
  }
  told["channel"] = push.at("channel");
  return told;
}

json::object CentrifugeClient::next_line() {
  while (true) {
    if (lines_.empty()) {
      std::istringstream frame(socket_.read_text());
      for (std::string line; std::getline(frame, line);) lines_.push_back(line);
    }
    json::object line = json::parse(lines_.front()).as_object();
    lines_.pop_front();
    if (!line.empty()) return line;
    socket_.send_text("{}");  // the line was a ping
  }
}

int error_of(const boost::json::object& reply) {
  return reply.contains("error") ? static_cast<int>(reply.at("error").at("code").as_int64()) : 0;
}

}  // namespace coroom::test
