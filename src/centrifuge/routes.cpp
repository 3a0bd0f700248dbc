#include "centrifuge/streams.hpp"
#include "centrifuge/websocket.hpp"

#include <coroom/centrifuge.hpp>

#include <memory>
#include <utility>

namespace coroom {

std::vector<Route> centrifuge_routes(CentrifugeSettings settings) {
  const auto shared = std::make_shared<const CentrifugeSettings>(std::move(settings));
  std::vector<Route> routes = centrifuge::stream_routes(shared);
  routes.push_back(centrifuge::websocket_route(shared));
  return routes;
}

}  // namespace coroom
