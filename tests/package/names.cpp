// A program that uses namespace coroom, and has names of its own like those of the library.

#include <coroom/application.hpp>
#include <coroom/centrifuge.hpp>
#include <coroom/counters.hpp>
#include <coroom/log.hpp>
#include <coroom/moderation_store.hpp>
#include <coroom/network.hpp>
#include <coroom/option_parser.hpp>
#include <coroom/origin.hpp>
#include <coroom/room_name.hpp>
#include <coroom/static_file_handler.hpp>
#include <coroom/stream_handler.hpp>
#include <coroom/token_verifier.hpp>
#include <coroom/web_site.hpp>
#include <coroom/websocket_client.hpp>

#include <cmath>
#include <string>

using namespace coroom;

namespace http {
struct UserAgent {
  int requests = 0;
};
}  // namespace http

namespace net {
struct Address {
  std::string text;
};
}  // namespace net

Application* application = nullptr;
int auth = 0, centrifuge = 0, core = 0, moderation = 0, protocol = 0, room = 0, server = 0, storage = 0,
    templates = 0, web = 0, websocket = 0;

double natural(double x) {
  return log(x);
}

int main() {
  const http::UserAgent client;
  const net::Address address;
  const int sum = auth + centrifuge + core + moderation + protocol + room + server + storage + templates +
                  web + websocket + client.requests;
  return application == nullptr && natural(1) == 0 && sum == 0 && address.text.empty() ? 0 : 1;
}
