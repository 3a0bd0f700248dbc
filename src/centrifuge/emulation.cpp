#include "centrifuge/emulation.hpp"

#include <coroom/stream_handler.hpp>

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <utility>

namespace coroom::detail::centrifuge {
namespace {

/// Returns an id that cannot be guessed: it comes from the system's source of randomness.
std::string secret() {
  return boost::uuids::to_string(boost::uuids::random_generator_pure()());
}

}  // namespace

Emulation::Emulation() : node_(secret()) {}

std::string Emulation::open(ConnectionHandle stream) {
  std::string session = secret();
  const std::lock_guard<std::mutex> lock(mutex_);
  streams_.emplace(session, std::move(stream));
  return session;
}

void Emulation::close(const std::string& session) {
  const std::lock_guard<std::mutex> lock(mutex_);
  streams_.erase(session);
}

Result<> Emulation::receive(std::string_view session, std::string commands) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = streams_.find(session);
  if (found == streams_.end()) return failure("there is no such session");
  return StreamHandler::receive(found->second, Message(Message::Kind::text, std::move(commands)));
}

}  // namespace coroom::detail::centrifuge
