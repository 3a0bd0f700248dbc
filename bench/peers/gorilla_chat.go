// The chat of coroom's plain endpoint on gorilla/websocket, built like its chat example. Each connection has a
// goroutine that reads and one that writes, and each message is prepared once for all.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

type room struct {
	mutex   sync.Mutex // one message at a time, so that all members receive them in one order
	members map[chan *websocket.PreparedMessage]bool
}

func (r *room) tell(event string) {
	message, err := websocket.NewPreparedMessage(websocket.TextMessage, []byte(event))
	if err != nil {
		log.Print(err)
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for member := range r.members {
		member <- message
	}
}

func (r *room) serve(w http.ResponseWriter, request *http.Request) {
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	connection, err := upgrader.Upgrade(w, request, nil)
	if err != nil {
		return
	}
	address, _, _ := net.SplitHostPort(request.RemoteAddr)
	outbox := make(chan *websocket.PreparedMessage, 256)
	r.mutex.Lock()
	r.members[outbox] = true
	r.mutex.Unlock()
	go func() {
		for message := range outbox {
			connection.WritePreparedMessage(message)
		}
		connection.Close()
	}()
	for {
		_, message, err := connection.ReadMessage()
		if err != nil {
			break
		}
		r.tell(fmt.Sprintf("[%s]-[%s]-说：%s", address, time.Now().Format("2006-01-02 15:04:05"), message))
	}
	r.mutex.Lock()
	delete(r.members, outbox)
	r.mutex.Unlock()
	close(outbox)
}

func main() {
	port := flag.Int("port", 8000, "")
	flag.Parse()
	all := &room{members: map[chan *websocket.PreparedMessage]bool{}}
	http.HandleFunc("/chat", all.serve)
	log.Fatal(http.ListenAndServe(fmt.Sprintf("127.0.0.1:%d", *port), nil))
}
