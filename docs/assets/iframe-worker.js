// A browser starts no Worker for pages opened from a folder (file://). There the search runs in a hidden frame, which is
// given the two ends of a Worker: messages in are events of the frame, messages out are events of the object here.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super()
      this.waiting = []
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      this.frame.worker = this
      this.frame.srcdoc =
        "<script>postMessage = data => frameElement.worker.tell(data)<\/script>" +
        `<script src="${address}"><\/script>`
      this.frame.onload = () => {
        this.ready = true
        this.waiting.forEach((data) => this.postMessage(data))
      }
      document.documentElement.append(this.frame)
    }
    postMessage(data) {
      if (this.ready) this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data }))
      else this.waiting.push(data)
    }
    tell(data) {
      this.dispatchEvent(new MessageEvent("message", { data }))
    }
  }
}
