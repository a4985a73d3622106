/** What is sent round where there is no camera or microphone, so that the network can be measured all the same. */

/** Milliseconds between two pictures of the stand-in. */
const FRAME = 50;

/** @returns {{track: MediaStreamTrack, stop: () => void}} a picture that moves as much as a person who talks */
export function standInPicture() {
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 360;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let turn = 0;
  const draw = () => {
    turn += 1;
    for (let square = 0; square < 60; square += 1) {
      pen.fillStyle = `hsl(${(square * 37 + turn * 5) % 360} 60% ${40 + ((square + turn) % 20)}%)`;
      pen.fillRect((square % 10) * 64, Math.floor(square / 10) * 60, 64, 60);
    }
  };
  draw();
  const timer = setInterval(draw, FRAME);
  const track = /** @type {MediaStreamTrack} */ (canvas.captureStream(20).getVideoTracks()[0]);
  return {
    track,
    stop: () => {
      clearInterval(timer);
      track.stop();
    },
  };
}

/** @returns {{track: MediaStreamTrack, stop: () => void}} a tone that nobody hears */
export function standInSound() {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const out = context.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  const track = /** @type {MediaStreamTrack} */ (out.stream.getAudioTracks()[0]);
  return {
    track,
    stop: () => {
      tone.stop();
      track.stop();
      void context.close();
    },
  };
}
